import { useEffect, useRef } from 'react';

/** Keys pressed this soon after something to answer appeared were meant for something else. */
const deafMs = 250;

/**
 * To be asked once for each key: true until a quarter of a second has gone by without one since this component was drawn.
 * `now` in milliseconds.
 */
export function useDeafness(now: () => number): () => boolean {
	const hearsFrom = useRef(Number.POSITIVE_INFINITY);
	useEffect(() => {
		hearsFrom.current = now() + deafMs;
	}, [now]);
	return () => {
		if (now() >= hearsFrom.current) return false;
		hearsFrom.current = now() + deafMs;
		return true;
	};
}
