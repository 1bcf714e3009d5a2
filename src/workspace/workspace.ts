import type { Writer } from '../types.js';
import type { Boxed } from './sandbox/box.js';

/** The doors to the outside, as the rest of the program sees them. One each for disk, git and processes. */
export type Workspace = { root: string; files: Files; git: Git; processes: Processes };

/** The disk, inside the root only. Every method throws `Refusal` with a sentence for the model and the person. */
export type Files = {
	/** The path relative to the root, with `/`; refuses what leads outside, through links too. */
	inside(path: string): Promise<string>;
	/** The whole text, and the model has now seen it. Refuses binary, undecodable and huge files. */
	read(path: string): Promise<TextFile>;
	/** As `read`, for the program's own looking about: the model has not seen it, `sight` stays what it was. */
	peek(path: string): Promise<TextFile>;
	/** Whether the file is now as the model last saw it. `unseen` when it never did. */
	sight(path: string): Promise<'fresh' | 'stale' | 'unseen' | 'absent'>;
	/**
	 * Replaces or creates the file as a whole, atomically, leaving a pre-image for undo. `text` has `\n` line ends;
	 * the file's own line ends, BOM and mode are kept. Refuses stale sight; `unseen` existing files too.
	 */
	write(path: string, text: string): Promise<Change>;
	/** Replaces spans of the text that `read` gave, leaving every other byte of the file as it was. */
	splice(path: string, edits: readonly Splice[]): Promise<Change>;
	/** The same door, whose changes are kept as words of this model; of nobody's, when undefined. */
	signed(writer: Writer | undefined): Files;
	/** Relative paths of files, gitignore-aware, sorted, without `.git`; stops at `limit`. */
	list(options?: { under?: string; pattern?: string; limit?: number }): Promise<{ paths: string[]; more: boolean }>;
	/** Entries of one folder, folders end in `/`. */
	entries(path: string): Promise<string[]>;
	/** A new message of the person: later changes are taken back together. Gives the mark, by which the message is known later. */
	mark(label: string): Promise<string>;
	/**
	 * Takes back the changes of the newest message that made any, or of every message from the mark `since` on, exactly;
	 * leaves alone, with names, files changed since by others.
	 */
	undo(since?: string): Promise<UndoReport>;
	/** Puts on again what was taken back last, one message at a time. */
	redo(): Promise<UndoReport>;
	/** Each file changed since the last mark, since the mark named, or `ever` by this conversation: its text before and now. */
	changes(since?: string | 'ever'): Promise<Change[]>;
};

/** `text` has `\n` line ends and no BOM, whatever the file has. */
export type TextFile = { path: string; text: string; eol: '\n' | '\r\n' | 'mixed'; bom: boolean; bytes: number };
/** `start` and `end` are offsets into `TextFile.text`. */
export type Splice = { start: number; end: number; text: string };
/**
 * `before` is null for a new file, `after` null for a removed one. Texts with `\n` line ends. `note` is a sentence for the
 * person about what is special, such as other hard links of the file that keep the old content.
 */
export type Change = { path: string; before: string | null; after: string | null; note?: string };
export type UndoReport = { restored: string[]; removed: string[]; kept: { path: string; why: string }[] };

/** git, through one hardened factory. Read-only except `commit` and `commitParts`. Throws `Refusal` outside a repository. */
export type Git = {
	/** Undefined when the root is in no repository (or git is missing). */
	branch(): Promise<string | undefined>;
	status(): Promise<string>;
	diff(options?: { staged?: boolean; path?: string; rev?: string }): Promise<string>;
	log(options?: { limit?: number; path?: string }): Promise<string>;
	blame(path: string, lines?: { from: number; to: number }): Promise<string>;
	/** What differs from one commit (HEAD where none is named) to another, or to the work tree with its new files; paths below the root. */
	differing(ends?: { from?: string; to?: string }): Promise<Differing[]>;
	/** Commits what is staged, else exactly `paths`. Gives the new commit's short id. Never amends, pushes or rewrites. */
	commit(message: string, paths: readonly string[]): Promise<string>;
	/** What a commit would take, file by file: what is staged, else `paths`. The person's index and work tree stay as they are. */
	parcel(paths: readonly string[]): Promise<Parcel>;
	/** The parcel in these parts, one upon the other; each of its paths is in one of them. */
	parts(parcel: Parcel, paths: readonly (readonly string[])[]): Promise<Part[]>;
	/** Commits parts, all or none, where nothing was staged or committed since the parcel was made. Gives the full ids of the commits. */
	commitParts(parcel: Parcel, parts: readonly { tree: string; message: string }[]): Promise<string[]>;
	/** Paths staged now. */
	staged(): Promise<string[]>;
	/** Each line of a file as it is now, with the commit that it came with. Refuses a file that git does not track. */
	lines(path: string): Promise<Blamed[]>;
	/** What a commit (a full id), else the newest, brings of these files, paths relative to the root; only what of them is in it. */
	brought(paths: readonly string[], commit?: string): Promise<Brought>;
	/** Writes qwill's own note on a commit (a full id). */
	note(commit: string, text: string): Promise<void>;
	/** qwill's own notes on these commits; those without one are left out. */
	notes(commits: ReadonlySet<string>): Promise<Map<string, string>>;
};

/** One line: `commit` is undefined where it is not committed. `line` and `name` are its number and its file's path in that commit. */
export type Blamed = { commit: string | undefined; line: number; author: string; name: string; text: string };
/** A commit (its full id), and files of it: `name` is the path from the top of the work tree, then the texts before it and in it. */
export type Brought = { commit: string; files: { path: string; name: string; before: string; after: string }[] };
/**
 * A file that differs; `was` is its path before, another one where it was moved. A text is null where the file is not there, and
 * undefined where it is no text, is a link, is too large, or may hold secrets.
 */
export type Differing = { path: string; was: string; before: string | null | undefined; after: string | null | undefined };

/**
 * What would be committed upon `base` (no commit yet: undefined) to come to `tree`; `entries` are the lines of each file for git's
 * index. `beside` makes of the work tree what was committed with it: by path a text, or null where there is to be none.
 */
export type Parcel = {
	base: string | undefined;
	tree: string;
	isStaged: boolean;
	files: (Differing & { entries: string[] })[];
	beside: ReadonlyMap<string, string | null>;
};
/** A state of the repository on the way to the whole, and what it changes of the one before. */
export type Part = { tree: string; diff: string };

export type Processes = {
	/** Whether programs run in the kernel sandbox; without one, why not. */
	boxed: Boxed;
	/**
	 * Runs a program with a clean environment, no stdin and no terminal; yields its output as it comes, stdout and
	 * stderr together. Output beyond the caps is dropped in the middle, and said so. The whole tree of processes ends
	 * on `signal`, on timeout and when qwill ends. In a box where `boxed` is on: what it may not do there fails, and what it
	 * takes too much of ends it, with a line about that in the output.
	 */
	run(command: CommandLine, options: RunOptions): AsyncGenerator<string, Finished>;
};
/** A shell line for bash, or a program with its arguments. */
export type CommandLine = { shell: string } | { program: string; args: readonly string[] };
/** `cwd` relative to the root. `env` is added to the clean environment. `unboxed`: the person's own command, as in their shell. */
export type RunOptions = { cwd?: string; timeoutMs: number; signal: AbortSignal; env?: Record<string, string>; unboxed?: boolean };
/** `exitCode` is null when it was ended by a signal. `output` is clipped to 1 MB, head and tail. */
export type Finished = {
	exitCode: number | null;
	signal: string | null;
	timedOut: boolean;
	aborted: boolean;
	output: string;
	milliseconds: number;
};
