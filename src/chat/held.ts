import { useReducer, useRef } from 'react';

/**
 * A value that changes at each key and is drawn afterwards. React's own state would be one key late when several arrive
 * between two drawings, and a key must never act on what the one before it has already changed.
 */
export function useHeld<T>(first: T): { readonly current: () => T; set(value: T): void } {
	const [, redraw] = useReducer((count: number) => count + 1, 0);
	const held = useRef(first);
	return {
		current: () => held.current,
		set(value) {
			held.current = value;
			redraw();
		},
	};
}
