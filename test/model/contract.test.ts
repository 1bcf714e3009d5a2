import { fenced } from '../../src/engine/dialects/fenced.js';
import { hermes } from '../../src/engine/dialects/hermes.js';
import { scriptedEngine } from '../../src/engine/scripted.js';
import { contract } from './contract.js';
import { plainDialect, realEngine, realModel, tinyEngine } from './engines.js';

const replies = Array.from({ length: 30 }, (_, i) => `Reply ${i} says one word after another, and then some more of them.`);
contract('scripted', { open: () => scriptedEngine({ replies }, { dialect: plainDialect }), words: 12 });
contract('local, tiny random model', { open: () => tinyEngine(), words: 400 });
contract('local, fenced', { open: () => tinyEngine({ dialect: fenced }), words: 400 });
contract('local, hermes', { open: () => tinyEngine({ dialect: hermes }), words: 400 });

const real = realModel();
if (real) contract('local, Qwen2.5-Coder 0.5B', { open: () => realEngine(real), words: 100 });
