import { Box, useApp, useInput, useWindowSize } from 'ink';
import { memo, useSyncExternalStore } from 'react';
import { Fallible } from './Fallible.js';
import { Composer } from './input/Composer.js';
import { suspend } from './input/editor.js';
import { Live } from './Live.js';
import { Past } from './Past.js';
import { Picker } from './Picker.js';
import type { Program } from './program.js';
import { Question } from './Question.js';
import { StatusLine, sandboxSaid } from './StatusLine.js';
import type { Dialogue } from './session/dialogue.js';
import type { Session } from './session/session.js';
import type { Line } from './text/wrap.js';

type Props = { session: Session; program: Program; intro: readonly Line[]; now(): number };

/** Rows for an empty draft, its frame and the status line: what the live part leaves free. */
const rowsBelow = 6;

/**
 * The screen: the past above, what goes on now, and below it the draft and the status line. It draws the session and hands
 * keys to it; nothing is remembered here. What is redrawn is never as tall as the window. A bug in drawing ends the session.
 */
export function App(props: Props) {
	return (
		<Fallible onBug={props.session.fail}>
			<Drawing {...props} />
		</Fallible>
	);
}

function Drawing({ session, program, intro, now }: Props) {
	const screen = useSyncExternalStore(session.subscribe, session.screen);
	const { columns, rows } = useWindowSize();
	const { suspendTerminal } = useApp();
	const { dialogue, chat } = screen;
	const room = Math.max(3, rows - rowsBelow);
	// One column short of the edge: a full line would be broken anew when the window gets narrower.
	const width = Math.max(10, columns - 1);

	// Always listening, so that raw mode never flickers while keys change hands.
	useInput((input, key) => {
		if (!dialogue || !key.ctrl) return;
		if (input === 'z') void suspendTerminal(suspend);
		else if (input === 'c') dismiss(session, dialogue);
	});

	return (
		<>
			<Past past={chat.past} from={screen.from} epoch={screen.epoch} columns={columns} intro={intro} />
			<Box flexDirection="column" maxHeight={Math.max(4, rows - 1)} overflowY="hidden">
				<Box flexDirection="column" flexShrink={1} overflowY="hidden" justifyContent="flex-end">
					<Box flexDirection="column" flexShrink={0}>
						<Live screen={screen} columns={width} rows={room} />
					</Box>
				</Box>
				<Box flexDirection="column" flexShrink={0}>
					{dialogue && <Asked now={now} session={session} dialogue={dialogue} columns={width} rows={room} />}
					<Input
						session={session}
						program={program}
						columns={columns}
						rows={rows}
						busy={screen.busy}
						active={dialogue === undefined}
						mode={screen.mode}
						queued={screen.queued}
						returned={screen.returned}
					/>
					<StatusLine screen={screen} columns={width} sandbox={sandboxSaid(program.sandbox, width)} />
				</Box>
			</Box>
		</>
	);
}

type AskedProps = { session: Session; dialogue: Dialogue; columns: number; rows: number; now(): number };

/** What is put before the person, a new component for each, so that nothing is left over from the one before. */
function Asked({ session, dialogue, columns, rows, now }: AskedProps) {
	if (dialogue.kind === 'picker') {
		return (
			<Picker
				key={dialogue.id}
				title={dialogue.title}
				choices={dialogue.choices}
				columns={columns}
				rows={rows}
				onChoose={value => session.choose(dialogue.id, value)}
				now={now}
			/>
		);
	}
	const { question, id } = dialogue;
	const printAll = () =>
		session.show({
			type: 'shown',
			title: 'Asked about, in full:',
			display: question.preview ?? { kind: 'text', text: question.title },
			exact: true,
		});
	return (
		<Question
			key={id}
			question={question}
			columns={columns}
			rows={rows}
			onAnswer={answer => session.answer(id, answer)}
			onPrintAll={printAll}
			now={now}
		/>
	);
}

type InputProps = {
	session: Session;
	program: Program;
	columns: number;
	rows: number;
	busy: boolean;
	active: boolean;
	mode: Parameters<typeof Composer>[0]['mode'];
	queued: readonly string[];
	returned: { text: string } | undefined;
};

/** The draft, redrawn only when something about it changed: not for each piece of a reply. */
const Input = memo(function Input({ session, ...props }: InputProps) {
	return (
		<Composer
			{...props}
			onSubmit={session.submit}
			onDraft={session.drafted}
			onTakeBackQueue={session.takeBack}
			onStop={session.stop}
			onQuit={() => session.end(0)}
			onCycleMode={session.cycleMode}
			onToggleDetail={session.toggleDetail}
			onRedraw={session.redraw}
			onNote={session.hint}
			onRewind={session.rewind}
		/>
	);
}, sameInput);

function sameInput(before: InputProps, after: InputProps): boolean {
	const { queued: one, ...rest } = before;
	const { queued: other, ...others } = after;
	return (
		one.length === other.length &&
		one.every((text, index) => text === other[index]) &&
		Object.entries(rest).every(([key, value]) => Object.is(value, others[key as keyof typeof others]))
	);
}

/** Ctrl-C in a dialogue: a list closes, a question ends as "no" together with its task. */
function dismiss(session: Session, dialogue: Dialogue): void {
	if (dialogue.kind === 'picker') session.choose(dialogue.id, undefined);
	else session.stop();
}
