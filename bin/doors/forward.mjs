/**
 * Runs in the sandbox, beside a command: takes connections on the loopback there and hands each of them, as a stream, through an
 * inherited descriptor to the program outside, which alone decides where it leads. Prints the port once it listens.
 */
import { connect } from 'node:http2';
import { createServer, Socket } from 'node:net';

const channel = new Socket({ fd: Number(process.argv[2]), readable: true, writable: true });
const session = connect('http://outside', { createConnection: () => channel });
const leave = () => process.exit();
session.on('error', leave).on('close', leave);

const server = createServer({ allowHalfOpen: true }, client => {
	const stream = session.request({ ':method': 'CONNECT', ':authority': 'outside' });
	client.on('error', () => stream.close()).on('close', () => stream.close());
	stream.on('error', () => client.destroy()).on('close', () => client.destroySoon());
	client.pipe(stream).pipe(client);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
