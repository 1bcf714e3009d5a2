import type { Tier } from '../types.js';
import type { CatalogueEntry, DialectName } from './catalogue.js';
import type { GgufHeader } from './gguf.js';

/** What of a model decides its memory and its speed. Sizes in bytes. */
export type Weights = {
	/** Of the file. */
	bytes: number;
	/** Read from memory for each token written: the ceiling of the speed of writing. */
	activeBytes: number;
	/** Numbers that take part in one token: the work of reading it. */
	activeParameters: number;
	/** Copied a second time on x86 processors. */
	repackedBytes: number;
	/** F16 cache of one token. */
	kvBytesPerToken: number;
	/** Of the recurrent layers of a hybrid. */
	stateBytes: number;
	vocab: number;
	contextLength: number;
};

/** Exactly, from the file. */
export function weightsOfHeader(header: GgufHeader): Weights {
	const { tensors } = header;
	const expertShare = header.experts > 0 ? Math.min(1, header.expertsUsed / header.experts) : 1;
	const idle = 1 - expertShare;
	// Tensors of a type that is newer than our table count nothing; then the file's own size is the better guess.
	const stored = tensors.bytes > header.bytes / 2 ? tensors.bytes : header.bytes;
	const lookedUp = tensors.hasOutput ? tensors.embedding : 0;
	const cached = header.kvHeads.filter((_heads, layer) => (layer + 1) % header.attentionInterval === 0);
	const kvHeads = cached.reduce((sum, heads) => sum + heads, 0);
	return {
		bytes: header.bytes,
		activeBytes: Math.max(1, stored - lookedUp - idle * tensors.expertBytes),
		activeParameters: Math.max(1, tensors.parameters - idle * tensors.expertParameters),
		repackedBytes: tensors.repacked,
		kvBytesPerToken: kvHeads * (header.keyLength + header.valueLength) * 2,
		stateBytes: header.stateBytes,
		vocab: header.vocabSize,
		contextLength: header.contextLength,
	};
}

/** Nearly, before the file is there. */
export function weightsOfEntry(entry: CatalogueEntry): Weights {
	const { shape } = entry;
	// A token table of Q4_K takes 144 bytes for 256 numbers.
	const table = shape.vocab * shape.embedding * (144 / 256);
	return {
		bytes: entry.bytes,
		activeBytes: (entry.bytes - table) * (entry.active / entry.parameters),
		activeParameters: entry.active,
		// Rows that are no multiple of 256 cannot be Q4_K: the 0.5B is mostly Q5_0, which is not copied.
		repackedBytes: shape.embedding % 256 === 0 ? entry.bytes * 0.68 : entry.bytes * 0.06,
		kvBytesPerToken: shape.layers * shape.kvHeads * shape.headDim * 4,
		stateBytes: shape.stateBytes,
		vocab: shape.vocab,
		contextLength: entry.contextLength,
	};
}

/** How a model of this many numbers is asked to work. The limits lie in the gaps between the sizes that exist. */
export function tierOf(parameters: number): Tier {
	if (parameters < 3.6e9) return 'T0';
	return parameters < 11e9 ? 'T1' : 'T2';
}

/**
 * How a model writes calls, from its size and its own template. The smallest are offered no calls whatever their template
 * says (measured: the template of the 1.5B asks for `<tool_call>`, and it never writes it).
 */
export function dialectOf(header: GgufHeader): DialectName {
	const template = header.chatTemplate ?? '';
	if (tierOf(header.tensors.parameters) === 'T0') return 'fenced';
	if (template.includes('<function=')) return 'qwen-xml';
	return /^qwen[23]/.test(header.architecture) && template.includes('<tool_call>') ? 'hermes' : 'fenced';
}
