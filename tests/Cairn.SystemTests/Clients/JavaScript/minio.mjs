// Scripted sessions with the minio package; see session.mjs for the arguments.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Client, CopyDestinationOptions, CopySourceOptions } from 'minio';
import {
  accessKey, bodyOf, bucket, endpoint, hashOf, hashOfFile, hashOfStream, largeSize, oddKeys, refused, run, scratch,
  secretKey, writeLargeFile,
} from './session.mjs';

const address = new URL(endpoint);
const minio = new Client({
  endPoint: address.hostname, port: Number(address.port), useSSL: false, accessKey, secretKey,
});
const read = async (key) => hashOfStream(await minio.getObject(bucket, key));

async function collect(stream) {
  const entries = [];
  for await (const entry of stream) entries.push(entry);
  return entries;
}

const sessions = {
  async objects() {
    for (const size of [0, 1, 100_000, 3_000_000]) {
      const body = bodyOf(size, size);
      await minio.putObject(bucket, 'k', body, size, { 'Content-Type': 'text/x-m', 'X-Amz-Meta-A': '1' });
      const stat = await minio.statObject(bucket, 'k');
      assert.deepEqual([stat.size, stat.metaData['content-type'], stat.metaData.a], [size, 'text/x-m', '1']);
      assert.equal(await read('k'), hashOf(body));
    }
    const body = bodyOf(3, 500_000);
    await minio.putObject(bucket, 'stream', Readable.from([body.subarray(0, 1000), body.subarray(1000)]));
    assert.equal(await read('stream'), hashOf(body));
    const partial = await hashOfStream(await minio.getPartialObject(bucket, 'stream', 123, 456));
    assert.equal(partial, hashOf(body.subarray(123, 123 + 456)));
    await minio.removeObject(bucket, 'k');
    await refused('NoSuchKey', () => minio.getObject(bucket, 'k'));
    await refused('NotFound', () => minio.statObject(bucket, 'k'));
    assert.equal(await minio.bucketExists(bucket), true);
    assert.equal(await minio.bucketExists(`${bucket}-none`), false);
    assert.ok((await minio.listBuckets()).some((entry) => entry.name === bucket));
  },

  async large() {
    const source = join(scratch, 'large');
    await writeLargeFile(source);
    await minio.fPutObject(bucket, 'large', source, { 'Content-Type': 'application/x-large' });
    assert.equal((await minio.statObject(bucket, 'large')).size, largeSize);
    await minio.fGetObject(bucket, 'large', join(scratch, 'back'));
    assert.equal(await hashOfFile(join(scratch, 'back')), await hashOfFile(source));
  },

  async listing() {
    for (const key of oddKeys) await minio.putObject(bucket, key, key);
    const sorted = [...oddKeys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const list of ['listObjects', 'listObjectsV2']) {
      const entries = await collect(minio[list](bucket, '', true));
      assert.deepEqual(entries.map((entry) => entry.name), sorted, list);
    }
    const top = await collect(minio.listObjectsV2(bucket, '', false));
    assert.ok(top.some((entry) => entry.prefix === 'a/'));
    for (const key of oddKeys) assert.equal(await read(key), hashOf(key));
    await minio.removeObjects(bucket, oddKeys);
    assert.deepEqual(await collect(minio.listObjectsV2(bucket, '', true)), []);
  },

  async presigned() {
    for (const key of ['plain', 'a b+c.txt', '日本/😀']) {
      const body = bodyOf(4, 30_000);
      const put = await fetch(await minio.presignedPutObject(bucket, key, 60), { method: 'PUT', body });
      assert.equal(put.status, 200, await put.text());
      const url = await minio.presignedGetObject(bucket, key, 60, { 'response-content-type': 'text/html' });
      const got = await fetch(url);
      assert.deepEqual([got.status, got.headers.get('content-type')], [200, 'text/html']);
      assert.equal(hashOf(Buffer.from(await got.arrayBuffer())), hashOf(body));
      assert.equal((await fetch(`${url}0`)).status, 403);
    }
  },

  async copies() {
    const body = bodyOf(5, 6 << 20);
    await minio.putObject(bucket, 'from', body, body.length, { 'X-Amz-Meta-A': '1' });
    await minio.copyObject(
      new CopySourceOptions({ Bucket: bucket, Object: 'from' }), new CopyDestinationOptions({ Bucket: bucket, Object: 'to +' }));
    assert.equal(await read('to +'), hashOf(body));
    assert.equal((await minio.statObject(bucket, 'to +')).metaData.a, '1');
    await minio.composeObject(new CopyDestinationOptions({ Bucket: bucket, Object: 'joined' }), [
      new CopySourceOptions({ Bucket: bucket, Object: 'from' }), new CopySourceOptions({ Bucket: bucket, Object: 'to +' }),
    ]);
    assert.equal(await read('joined'), hashOf(Buffer.concat([body, body])));
  },

  async tags() {
    await minio.putObject(bucket, 'k', 'x');
    await minio.setObjectTagging(bucket, 'k', { a: '1', 'b c': 'd+e' });
    const tags = await minio.getObjectTagging(bucket, 'k');
    assert.deepEqual(Object.fromEntries(tags.map((tag) => [tag.Key, String(tag.Value)])), { a: '1', 'b c': 'd+e' });
    await minio.removeObjectTagging(bucket, 'k');
    assert.equal((await minio.getObjectTagging(bucket, 'k')).length, 0);
  },

  async versions() {
    await minio.setBucketVersioning(bucket, { Status: 'Enabled' });
    assert.equal((await minio.getBucketVersioning(bucket)).Status, 'Enabled');
    const first = await minio.putObject(bucket, 'k', 'first');
    await minio.putObject(bucket, 'k', 'second');
    await minio.removeObject(bucket, 'k');
    await refused('NoSuchKey', () => minio.getObject(bucket, 'k'));
    const old = await minio.getObject(bucket, 'k', { versionId: first.versionId });
    assert.equal(await hashOfStream(old), hashOf('first'));
    const entries = await collect(minio.listObjects(bucket, '', true, { IncludeVersion: true }));
    assert.equal(entries.length, 3);
  },

  async unfinished() {
    const uploadId = await minio.initiateNewMultipartUpload(bucket, 'never finished', {});
    const open = await collect(minio.listIncompleteUploads(bucket, '', true));
    assert.deepEqual(open.map((entry) => [entry.key, entry.uploadId]), [['never finished', uploadId]]);
    await minio.removeIncompleteUpload(bucket, 'never finished');
    assert.deepEqual(await collect(minio.listIncompleteUploads(bucket, '', true)), []);
  },
};

await minio.makeBucket(bucket, 'us-east-1');
await run(sessions);
