/** A thread beside the program: once a second it has written down what has run so far, also where the program is in an endless loop. */
const { Session } = require('node:inspector');

const session = new Session();
if (session.connectToMainThread) {
	session.connectToMainThread();
	setInterval(() => session.post('Runtime.evaluate', { expression: "process[Symbol.for('qwill.trace')]?.flush()" }), 1000);
}
