/** A text as a part of a regular expression that finds exactly it. */
export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** How often a name stands in a text, in comments and strings too: what is written only once is used nowhere. */
export const occurrences = (name: string, text: string): number =>
	text.match(new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`, 'g'))?.length ?? 0;
