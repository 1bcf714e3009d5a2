import type { Engine, Prompt } from '../../../src/engine/engine.js';
import { greedy } from '../../../src/engine/sampling.js';
import { choose } from '../../../src/jobs/choose.js';
import { heeded, kindOf } from '../../../src/jobs/route.js';
import { say } from '../../../src/prompts.js';
import { replied } from './asked.js';
import type { Answer, EngineItem, Suite } from './suite.js';

type Wanted = 'fix' | 'change' | 'talk';

/** Messages that no example of ours holds, and whether they name a file that is there. */
const messages: Readonly<Record<Wanted, readonly (readonly [text: string, namesFiles: boolean])[]>> = {
	fix: [
		['Der Build ist rot, bitte reparieren', false],
		['Mach, dass die Tests wieder grün sind', false],
		['Los tests no pasan, arréglalos', false],
		['corrige el error en util.py', true],
		['Le test de total() échoue depuis hier, répare-le', false],
		['テストが失敗しています。直してください', false],
		['测试没有通过，请修复', false],
		['Тесты падают, почини', false],
		['테스트가 실패해요. 고쳐 주세요', false],
		['I test falliscono, correggili', false],
		['Os testes estão quebrados, conserte', false],
		['total() gives the wrong result in cart.py', true],
		['parse crashes on an empty string', false],
		['off by one in sum.js', true],
		['cart.py ist kaputt', true],
		['sum.js zwraca zły wynik, napraw', true],
	],
	change: [
		['Füge in cart.py eine Funktion discount hinzu', true],
		['Schreibe in util.js eine Funktion, die eine Liste umdreht', true],
		['Agrega una función media a stats.py', true],
		['Ajoute un paramètre optionnel à total dans cart.py', true],
		['在 cart.py 中增加一个计算折扣的函数', true],
		['cart.py に割引を計算する関数を追加して', true],
		['Добавь в cart.py функцию discount', true],
		['cart.py에 할인 함수를 추가해 줘', true],
		['Aggiungi una docstring a ogni funzione di cart.py', true],
		['Adicione validação de entrada em form.js', true],
		['Dodaj funkcję discount do cart.py', true],
		['cart.py should also accept tuples', true],
		['total in cart.py needs a currency', true],
		['Benenne total in cart.py in sum_up um', true],
		['Voeg type hints toe aan cart.py', true],
		['sum.js: skip what is no number', true],
	],
	talk: [
		['Wozu ist cart.py da?', true],
		['Was bedeutet der Fehler in Zeile 3?', false],
		['Erkläre mir kurz diese Tests', false],
		['¿Qué hace cart.py?', true],
		['¿Cómo ejecuto las pruebas?', false],
		['À quoi sert la fonction total ?', false],
		['Comment lancer les tests ?', false],
		['cart.py 是做什么的？', true],
		['如何运行测试？', false],
		['cart.pyは何をしますか', true],
		['Что делает cart.py?', true],
		['cart.py는 무슨 일을 하나요?', true],
		['Cosa fa cart.py?', true],
		['obrigado!', false],
		['Guten Morgen', false],
		['what a nice test suite', false],
	],
};

/**
 * Which job a message asks for: the program's words first, then the choice of the model, where it is sure. Broken is what would have
 * been a surprise: a job that nobody asked for. Plain is the same question in words, answered freely.
 */
export const routing: Suite = {
	name: 'routing',
	seconds: 60,
	read: () =>
		Object.entries(messages).flatMap(([wanted, all]) =>
			all.map(([text, namesFiles], index) => itemOf(`${wanted}/${index + 1}`, { text, namesFiles, wanted: wanted as Wanted })),
		),
};

function itemOf(id: string, { text, namesFiles, wanted }: { text: string; namesFiles: boolean; wanted: Wanted }): EngineItem {
	const plain = async (engine: Engine): Promise<Answer> => {
		const prompt: Prompt = { system: say('jobs/route'), messages: [{ role: 'user', text }], tools: [], sampling: greedy, maxTokens: 8 };
		const { message, usage } = await replied(engine, prompt);
		const word = /\b(explain|repair|write)\b/i.exec(message.text)?.[1]?.toLowerCase() ?? 'explain';
		return { text: { explain: 'talk', repair: 'fix', write: 'change' }[word] ?? 'talk', read: usage.prompt, written: usage.output };
	};
	return {
		kind: 'engine',
		id,
		async ours(engine) {
			const own = kindOf(text, namesFiles);
			if (own !== 'unsure') return { text: own, read: 0, written: 0 };
			const { kind, offer } = heeded(await choose(text, { engine }, new AbortController().signal), namesFiles);
			return { text: offer === undefined ? kind : `${kind}, with an offer: ${offer}`, read: 0, written: 0 };
		},
		plain,
		served: plain,
		async judge(said) {
			const kind = said.split(',', 1)[0]!;
			return { right: kind === wanted, broken: kind !== wanted && kind !== 'talk', why: kind === wanted ? '' : said };
		},
	};
}
