import { nearest } from '../nearest.js';
import { echoed } from '../sanitise.js';
import { Refusal, type Tier } from '../types.js';
import { coders } from './catalogue-coders.js';
import { general } from './catalogue-general.js';

/** A model that qwill knows by name: what it is, where its file lies, and what it asks of a machine. */
export type CatalogueEntry = {
	/** What a person types: `qwill models pull ID`. */
	id: string;
	name: string;
	family: string;
	/** Trained for code, or a general model that codes too. */
	purpose: 'code' | 'general';
	/** Numbers stored in the file, a separate output matrix included; `active` of them take part in one token. */
	parameters: number;
	active: number;
	quant: string;
	/** The file's size; only when `exact` is it known to the byte. */
	bytes: number;
	exact: boolean;
	/** Known for pinned files only. The others must have the digest that the hub reports for them. */
	sha256?: string;
	hub: { repo: string; file: string };
	licence: { name: string; commercial: boolean };
	tier: Tier;
	dialect: DialectName;
	shape: Shape;
	/** Tokens the model was trained for. */
	contextLength: number;
	notes: string;
};

export type DialectName = 'fenced' | 'hermes' | 'qwen-xml';

/** `layers` counts those that keep a KV cache; `stateBytes` is what the others of a hybrid keep instead. */
export type Shape = { layers: number; kvHeads: number; headDim: number; embedding: number; vocab: number; stateBytes: number };

/** Every known model, small to large within a family. */
export const catalogue: readonly CatalogueEntry[] = [...coders, ...general];

/** The entry of this id, in any letter case. */
export const entryOf = (id: string): CatalogueEntry | undefined => catalogue.find(entry => entry.id === id.toLowerCase());

/** The model that a first start takes without asking: the smallest one, pinned and freely licensed. */
export const starter: CatalogueEntry = coders[0];

/** The known id most like `id`: one that contains what was typed, else one that is spelt nearly so, else the smallest model. */
export function nearestId(id: string): string {
	const ids = catalogue.map(entry => entry.id);
	return ids.find(known => known.includes(id.toLowerCase())) ?? nearest(id, ids) ?? starter.id;
}

/** As `entryOf`; throws `Refusal` (41), with the nearest id, where there is none. */
export function known(id: string): CatalogueEntry {
	const entry = entryOf(id);
	if (!entry) throw new Refusal(`There is no model "${echoed(id)}". The nearest is ${nearestId(id)}; \`qwill models list\` shows all.`, 41);
	return entry;
}
