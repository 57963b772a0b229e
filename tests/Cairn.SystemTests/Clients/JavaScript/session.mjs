// What both JavaScript clients share: arguments, reproducible bodies, and assertions about refusals.
//
// usage: node <client>.mjs <session> <endpoint> <access key> <secret key> <bucket> <scratch folder>

import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';

const [session, endpoint, accessKey, secretKey, bucket, scratch] = process.argv.slice(2);

export { session, endpoint, accessKey, secretKey, bucket, scratch };

export const largeSize = 200 * 1024 * 1024;

export const oddKeys = [
  'a b+c.txt', 'a', 'a/b', 'a/', 'a//b', '%41', '100%', 'a%2Bb', 'a&b=c', 'a?b#c', "quote'\"quote", 'less<more>&amp;',
  'umläut', '日本語/キー', '😀/🎉.bin', 'tilde~', '(paren)[bracket]{brace}', 'semi;colon:colon,comma', '$dollar@at!bang*',
];

export function bodyOf(seed, size) {
  const key = createHash('sha256').update(String(seed)).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

export const hashOf = (data) => createHash('sha256').update(data).digest('hex');

export async function hashOfStream(stream) {
  const hash = createHash('sha256');
  for await (const block of stream) hash.update(block);
  return hash.digest('hex');
}

export const hashOfFile = (path) => hashOfStream(createReadStream(path));

export async function writeLargeFile(path) {
  const blocks = function* () {
    for (let block = 0; block < largeSize / (1 << 20); block++) yield bodyOf(block, 1 << 20);
  };
  await pipeline(Readable.from(blocks()), createWriteStream(path));
}

export async function refused(code, call) {
  await assert.rejects(call, (error) => {
    assert.equal(error.code ?? error.name, code, `expected ${code}, got ${error}`);
    return true;
  });
}

export async function run(sessions) {
  await sessions[session]();
  console.log(`${session} passed`);
  process.exit(0);
}
