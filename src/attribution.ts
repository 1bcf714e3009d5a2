import type { Config } from './config.js';

/** The commit message with the trailer that says a model wrote it: the Linux kernel's form, or that of other assistants. */
export function attributed(message: string, form: Config['attribution']['commit'], model: string): string {
	if (form === 'none') return message;
	return `${message}\n\n${form === 'assisted-by' ? `Assisted-by: qwill:${model}` : `Co-authored-by: qwill (${model}) <qwill@localhost>`}`;
}
