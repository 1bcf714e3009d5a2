import { edit } from './edit.js';
import { git } from './git.js';
import { glob } from './glob.js';
import { grepSearch } from './grep-search.js';
import { listDirectory } from './list-directory.js';
import { readFile } from './read-file.js';
import { runShellCommand } from './run-shell-command.js';
import { runTests } from './run-tests.js';
import type { AnyTool } from './tool.js';
import { writeFile } from './write-file.js';

/** Every tool, in the order in which models are told of them. */
export const allTools: readonly AnyTool[] = [readFile, edit, writeFile, grepSearch, glob, listDirectory, runTests, runShellCommand, git];
