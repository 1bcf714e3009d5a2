import { Box, type DOMElement, measureElement, Text, useApp, useBoxMetrics, useCursor, useInput, usePaste } from 'ink';
import { type ReactElement, type RefObject, useEffect, useLayoutEffect, useReducer, useRef, useState } from 'react';
import { openOffer } from './input.js';
import { actionsOf } from './keys.js';
import type { Place } from './layout.js';
import { useMemory } from './memory.js';
import { itemsInSight, type Line, pictureOf, popupRows } from './picture.js';
import { type ComposerProps, createTyping } from './typing.js';

export type { Submission } from './submission.js';
export type { ComposerProps } from './typing.js';

/** Where the person types. It takes at most half of the window, and keeps the terminal in raw mode while it is mounted. */
export function Composer(props: ComposerProps): ReactElement {
	const [, redraw] = useReducer((count: number) => count + 1, 0);
	const latest = useRef(props);
	latest.current = props;
	const { suspendTerminal } = useApp();
	const memory = useMemory(props.program, redraw, sentence => latest.current.onNote(sentence));
	const [typing] = useState(() => createTyping({ props: () => latest.current, memory, redraw, suspendTerminal }));

	useInput((input, key) => {
		if (latest.current.active) for (const action of actionsOf(input, key)) typing.act(action);
	});
	usePaste(text => {
		if (latest.current.active) typing.act({ type: 'paste', text });
	});
	useEffect(() => {
		if (props.returned) typing.put(props.returned.text);
	}, [props.returned, typing]);
	const input = typing.input();
	const facts = typing.facts();
	useExpiry(input.armed?.until, redraw);
	useEffect(() => {
		const offer = openOffer(input, facts.names);
		if (offer?.kind !== 'files') return;
		const sight = itemsInSight(offer.items, Math.min(input.selected, offer.items.length - 1), popupRows);
		memory.lookAt(sight.items.filter(item => item.kind === 'file').map(item => item.label));
	});
	const { columns, rows, queued, active } = props;
	const picture = pictureOf(input, facts, { columns, rows, queued, costs: memory.costs() });
	return <Lines lines={picture.lines} cursor={active ? picture.cursor : undefined} />;
}

/** Draws once more when a key no longer waits for its second press. */
function useExpiry(until: number | undefined, redraw: () => void): void {
	useEffect(() => {
		if (until === undefined) return;
		const timer = setTimeout(redraw, Math.max(0, until - Date.now()) + 1);
		return () => clearTimeout(timer);
	}, [until, redraw]);
}

/** The lines, with the terminal's own cursor in them: input methods for Chinese and Japanese draw where it stands. */
function Lines({ lines, cursor }: { lines: readonly Line[]; cursor: Place | undefined }): ReactElement {
	const box = useRef<DOMElement>(null);
	const origin = useOrigin(box);
	const { setCursorPosition } = useCursor();
	setCursorPosition(cursor && { x: origin.x + cursor.x, y: origin.y + cursor.row });
	return (
		<Box ref={box} flexDirection="column">
			{lines.map((line, index) => (
				<Text key={index} wrap="truncate-end" {...looks[line.look]}>
					{line.mark}
					{line.text}
				</Text>
			))}
		</Box>
	);
}

/**
 * Where a box begins on the screen. Ink tells a component when its own place in its parent changes, not when the parent
 * moves, so the two boxes around it are watched as well.
 */
function useOrigin(box: RefObject<DOMElement | null>): { x: number; y: number } {
	const [around] = useState(() =>
		[0, 1, 2].map(levels => ({
			get current() {
				return outwards(box.current, levels);
			},
		})),
	);
	const [origin, setOrigin] = useState({ x: 0, y: 0 });
	useBoxMetrics(around[0] as RefObject<DOMElement>);
	useBoxMetrics(around[1] as RefObject<DOMElement>);
	useBoxMetrics(around[2] as RefObject<DOMElement>);
	useLayoutEffect(() => {
		if (!box.current) return;
		const { x, y } = measureElement(box.current);
		if (x !== origin.x || y !== origin.y) setOrigin({ x, y });
	});
	return origin;
}

function outwards(box: DOMElement | null, levels: number): DOMElement | null {
	return levels === 0 || !box ? box : outwards(box.parentNode ?? null, levels - 1);
}

const looks = {
	queued: { dimColor: true },
	text: {},
	shell: { color: 'yellow' },
	placeholder: { dimColor: true },
	choice: { dimColor: true },
	chosen: { bold: true },
	hint: { dimColor: true },
} as const satisfies Record<Line['look'], { dimColor?: boolean; color?: string; bold?: boolean }>;
