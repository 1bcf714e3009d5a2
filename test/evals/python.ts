import { judged, python } from './judge.js';

/** Whether this Python program ends without an error, in an empty folder and without the person's environment. */
export const passes = async (program: string): Promise<boolean> => (await judged({ 'item.py': program }, python('item.py'))).right;
