/** What a generator comes to, where nobody watches what it yields on the way. */
export async function returned<T>(running: AsyncGenerator<unknown, T>): Promise<T> {
	for (;;) {
		const step = await running.next();
		if (step.done) return step.value;
	}
}
