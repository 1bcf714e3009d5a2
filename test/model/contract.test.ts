import { fenced } from '../../src/engine/dialects/fenced.js';
import { hermes } from '../../src/engine/dialects/hermes.js';
import { contract } from '../engine/contract.js';
import { realEngine, realModel, tinyEngine } from './engines.js';

contract('local, tiny random model', { open: () => tinyEngine(), words: 400 });
contract('local, fenced', { open: () => tinyEngine({ dialect: fenced }), words: 400 });
contract('local, hermes', { open: () => tinyEngine({ dialect: hermes }), words: 400 });

const real = realModel();
if (real) contract('local, Qwen2.5-Coder 0.5B', { open: () => realEngine(real), words: 100 });
