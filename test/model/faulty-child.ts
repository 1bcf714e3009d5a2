// The engine's process, which does on a signal what it should never do.
import '../../src/engine/local/child.js';

process.on('SIGUSR2', () => process.send?.({ type: 'nonsense', tokens: 'ÿ'.repeat(1000) }));
process.on('SIGHUP', () => process.exit(3));
