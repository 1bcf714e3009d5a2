import { Component, type ReactNode } from 'react';

type Props = { children: ReactNode; onBug(error: Error): void };

/**
 * What is drawn here may have a bug: then nothing is drawn any more and `onBug` is told, once. Without it Ink would print
 * the source of the program over the conversation. React takes errors in classes only.
 */
export class Fallible extends Component<Props, { failed: boolean }> {
	override state = { failed: false };
	static getDerivedStateFromError = () => ({ failed: true });
	override componentDidCatch(error: Error): void {
		this.props.onBug(error);
	}
	override render(): ReactNode {
		return this.state.failed ? null : this.props.children;
	}
}
