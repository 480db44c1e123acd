// A person for programs that are none of Node: each line is a call, `["open", address, stop]`, and is answered by a line.

import { createInterface } from 'node:readline';
import { Person } from './person.mjs';

const person = new Person();
for await (const line of createInterface({ input: process.stdin })) {
  const [what, ...rest] = JSON.parse(line);
  if (what === 'who') {
    console.log(JSON.stringify({ email: person.email, name: person.name }));
  } else if (what === 'isSignedIn') {
    console.log(JSON.stringify(await person.isSignedIn()));
  } else if (['open', 'post', 'signUp', 'signIn'].includes(what)) {
    const { url, status, text } = await person[what](...rest);
    console.log(JSON.stringify({ url: url.href, status, text }));
  } else {
    throw new Error(`what is ${what}?`);
  }
}
