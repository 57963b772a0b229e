// Scripted sessions with @aws-sdk/client-s3; see session.mjs for the arguments.

import assert from 'node:assert/strict';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CopyObjectCommand, CreateBucketCommand, DeleteObjectCommand, DeleteObjectsCommand, GetObjectCommand,
  GetObjectTaggingCommand, HeadObjectCommand, ListObjectVersionsCommand, ListObjectsV2Command, PutBucketVersioningCommand,
  PutObjectCommand, PutObjectTaggingCommand, S3Client, paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import {
  accessKey, bodyOf, bucket, endpoint, hashOf, hashOfFile, hashOfStream, largeSize, oddKeys, refused, run, scratch,
  secretKey, writeLargeFile,
} from './session.mjs';

const options = {
  endpoint, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1,
  credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
};
const s3 = new S3Client(options);
const send = (Command, input) => s3.send(new Command({ Bucket: bucket, ...input }));
const read = async (Key, input = {}) =>
  Buffer.from(await (await send(GetObjectCommand, { Key, ...input })).Body.transformToByteArray());

const sessions = {
  async buffers() {
    for (const size of [0, 1, 65_536, 65_537, 3_000_000]) {
      const body = bodyOf(size, size);
      const put = await send(PutObjectCommand, { Key: 'k', Body: body, ContentType: 'text/x-j', Metadata: { a: '1' } });
      const head = await send(HeadObjectCommand, { Key: 'k' });
      assert.deepEqual([head.ContentLength, head.ETag, head.ContentType, head.Metadata], [size, put.ETag, 'text/x-j', { a: '1' }]);
      assert.equal(hashOf(await read('k')), hashOf(body));
    }
    await send(DeleteObjectCommand, { Key: 'k' });
    await refused('NoSuchKey', () => read('k'));
  },

  async streams() {
    // A body without a length in advance travels as two layers of chunks.
    for (const size of [10, 65_536, 2_000_000]) {
      const body = bodyOf(size, size);
      const half = Math.floor(size / 2);
      await send(PutObjectCommand, {
        Key: 'k', Body: Readable.from([body.subarray(0, half), body.subarray(half)]), ContentLength: size,
      });
      assert.equal(hashOf(await read('k')), hashOf(body));
    }
    for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']) {
      const body = bodyOf(1, 300_000);
      const sent = { Key: algorithm, Body: Readable.from([body]), ContentLength: body.length, ChecksumAlgorithm: algorithm };
      const put = await send(PutObjectCommand, sent);
      const got = await send(GetObjectCommand, { Key: algorithm, ChecksumMode: 'ENABLED' });
      assert.equal(hashOf(Buffer.from(await got.Body.transformToByteArray())), hashOf(body));
      assert.equal(got[`Checksum${algorithm}`], put[`Checksum${algorithm}`]);
      assert.ok(put[`Checksum${algorithm}`]);
    }
  },

  async large() {
    const source = join(scratch, 'large');
    await writeLargeFile(source);
    const upload = new Upload({
      client: s3, params: { Bucket: bucket, Key: 'large', Body: createReadStream(source) }, partSize: 8 << 20, queueSize: 3,
    });
    await upload.done();
    const got = await send(GetObjectCommand, { Key: 'large' });
    assert.equal(got.ContentLength, largeSize);
    await pipeline(got.Body, createWriteStream(join(scratch, 'back')));
    assert.equal(await hashOfFile(join(scratch, 'back')), await hashOfFile(source));
    const range = await read('large', { Range: 'bytes=104857590-104857609' });
    const whole = createReadStream(source, { start: 104857590, end: 104857609 });
    assert.equal(hashOf(range), await hashOfStream(whole));
  },

  async presigned() {
    for (const Key of ['plain', 'a b+c?#%.txt', '日本/😀']) {
      const body = bodyOf(2, 50_000);
      // The signer bakes the checksum of an empty body into the query; the body itself goes unsigned.
      const putUrl = await getSignedUrl(s3, new PutObjectCommand({ Bucket: bucket, Key }), { expiresIn: 60 });
      const put = await fetch(putUrl, { method: 'PUT', body });
      const baked = new URL(putUrl).searchParams.get('x-amz-checksum-crc32');
      if (baked === 'AAAAAA==') {
        // What S3 itself answers to a checksum that is not the body's.
        assert.equal(put.status, 400, await put.text());
        const plain = new S3Client({ ...options, requestChecksumCalculation: 'WHEN_REQUIRED' });
        const url = await getSignedUrl(plain, new PutObjectCommand({ Bucket: bucket, Key }), { expiresIn: 60 });
        const again = await fetch(url, { method: 'PUT', body });
        assert.equal(again.status, 200, await again.text());
      } else {
        assert.equal(put.status, 200, await put.text());
      }
      const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key }), { expiresIn: 60 });
      const got = await fetch(url);
      assert.equal(got.status, 200);
      assert.equal(hashOf(Buffer.from(await got.arrayBuffer())), hashOf(body));
      assert.equal((await fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=61'))).status, 403);
      assert.equal((await fetch(url, { method: 'DELETE' })).status, 403);
    }
  },

  async keys() {
    for (const Key of oddKeys) await send(PutObjectCommand, { Key, Body: Key });
    for (const Key of oddKeys) assert.equal((await read(Key)).toString(), Key);
    const seen = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 4 }, { Bucket: bucket })) {
      seen.push(...page.Contents.map((entry) => entry.Key));
    }
    const sorted = [...oddKeys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    assert.deepEqual(seen, sorted);
    for (const Key of oddKeys) {
      await send(CopyObjectCommand, { Key: `copy/${Key}`, CopySource: encodeURI(`${bucket}/`) + encodeURIComponent(Key) });
      assert.equal((await read(`copy/${Key}`)).toString(), Key);
    }
    const done = await send(DeleteObjectsCommand, { Delete: { Objects: oddKeys.map((Key) => ({ Key })) } });
    assert.equal(done.Deleted.length, oddKeys.length);
    const left = await send(ListObjectsV2Command, { Delimiter: '/' });
    assert.deepEqual([left.Contents, left.CommonPrefixes.map((p) => p.Prefix)], [undefined, ['copy/']]);
  },

  async conditions() {
    const { ETag } = await send(PutObjectCommand, { Key: 'k', Body: '1', IfNoneMatch: '*' });
    await refused('PreconditionFailed', () => send(PutObjectCommand, { Key: 'k', Body: '2', IfNoneMatch: '*' }));
    await send(PutObjectCommand, { Key: 'k', Body: '2', IfMatch: ETag });
    await refused('PreconditionFailed', () => send(PutObjectCommand, { Key: 'k', Body: '3', IfMatch: ETag }));
    await refused('PreconditionFailed', () => read('k', { IfMatch: ETag }));
    assert.equal((await read('k', { IfNoneMatch: ETag })).toString(), '2');
  },

  async versions() {
    await send(PutBucketVersioningCommand, { VersioningConfiguration: { Status: 'Enabled' } });
    const first = await send(PutObjectCommand, { Key: 'k', Body: 'first' });
    await send(PutObjectCommand, { Key: 'k', Body: 'second' });
    const marker = await send(DeleteObjectCommand, { Key: 'k' });
    assert.equal(marker.DeleteMarker, true);
    await refused('NoSuchKey', () => read('k'));
    assert.equal((await read('k', { VersionId: first.VersionId })).toString(), 'first');
    const listed = await send(ListObjectVersionsCommand, {});
    assert.deepEqual([listed.Versions.length, listed.DeleteMarkers.length], [2, 1]);
    await send(DeleteObjectCommand, { Key: 'k', VersionId: marker.VersionId });
    assert.equal((await read('k')).toString(), 'second');
  },

  async tags() {
    await send(PutObjectCommand, { Key: 'k', Body: 'x', Tagging: 'a=1&b=2' });
    await send(PutObjectTaggingCommand, { Key: 'k', Tagging: { TagSet: [{ Key: 'c d', Value: 'e+f' }] } });
    const { TagSet } = await send(GetObjectTaggingCommand, { Key: 'k' });
    assert.deepEqual(TagSet, [{ Key: 'c d', Value: 'e+f' }]);
  },
};

await s3.send(new CreateBucketCommand({ Bucket: bucket }));
await run(sessions);
