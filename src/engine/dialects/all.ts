import type { Dialect } from './dialect.js';
import { fenced } from './fenced.js';
import { hermes } from './hermes.js';
import { qwenXml } from './qwen-xml.js';

/** Every dialect by its name. */
export const dialects: Record<Dialect['name'], Dialect> = { fenced, hermes, 'qwen-xml': qwenXml };
