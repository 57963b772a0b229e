"""Scripted sessions with boto3; each function is one, named on the command line.

usage: boto3_session.py <session> <endpoint> <access key> <secret key> <bucket> <scratch folder>

A session arranges its own objects in its own bucket, acts through boto3 alone and asserts on contents and listings.
An assertion that fails ends the program with a traceback and exit code 1.
"""

import base64
import hashlib
import io
import os
import random
import sys
import time
import urllib.error
import urllib.request
import zlib

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT, ACCESS_KEY, SECRET_KEY, BUCKET, SCRATCH = "", "", "", "", ""

ODD_KEYS = [
    "a b+c.txt", "a", "a/b", "a/", "a//b", "/leading", "trailing/", "%41", "100%", "a+b", "a%2Bb", "a&b=c", "a?b#c",
    "quote'\"quote", "back\\slash", "less<more>&amp;", "dots/../up", "./here", "umläut", "日本語/キー", "😀/🎉.bin",
    "nfd-u\u0308", "nfc-\u00fc", "tilde~", "(paren)[bracket]{brace}", "semi;colon:colon,comma", "$dollar@at!bang*star",
    "tab\there", "x" * 1024, "seg/" + "y" * 900,
]


def client(**options):
    config = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, **options)
    return boto3.client(
        "s3", endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY, config=config)


def body_of(seed, size):
    return random.Random(seed).randbytes(size)


def md5_hex(data):
    return hashlib.md5(data).hexdigest()


def refused(code, status, call, **arguments):
    """Asserts that a call is answered with this S3 error code and HTTP status."""
    try:
        call(**arguments)
    except ClientError as error:
        got = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        assert got == (code, status), f"expected {(code, status)}, got {got}"
        return error.response
    raise AssertionError(f"expected {code}, but the call succeeded")


def read(s3, key, **arguments):
    return s3.get_object(Bucket=BUCKET, Key=key, **arguments)["Body"].read()


def put_get_head(s3):
    for size in (0, 1, 1000, 100_000, 3_000_000):
        data = body_of(size, size)
        put = s3.put_object(
            Bucket=BUCKET, Key="k", Body=data, ContentType="text/x-cairn", CacheControl="max-age=5",
            ContentDisposition='attachment; filename="a b"', ContentEncoding="identity", ContentLanguage="de",
            Metadata={"Color": "blue", "x-y": "1 2"})
        assert put["ETag"] == f'"{md5_hex(data)}"', put["ETag"]
        got = s3.get_object(Bucket=BUCKET, Key="k")
        head = s3.head_object(Bucket=BUCKET, Key="k")
        assert got["Body"].read() == data
        for answer in (got, head):
            assert answer["ContentLength"] == size
            assert answer["ETag"] == put["ETag"]
            assert answer["ContentType"] == "text/x-cairn"
            assert answer["CacheControl"] == "max-age=5"
            assert answer["ContentDisposition"] == 'attachment; filename="a b"'
            assert answer["ContentEncoding"] == "identity", answer["ContentEncoding"]
            assert answer["ContentLanguage"] == "de"
            assert answer["Metadata"] == {"color": "blue", "x-y": "1 2"}, answer["Metadata"]
            assert answer["AcceptRanges"] == "bytes"
        assert got["LastModified"] == head["LastModified"]
    s3.put_object(Bucket=BUCKET, Key="plain", Body=b"x")
    assert s3.head_object(Bucket=BUCKET, Key="plain")["ContentType"] == "binary/octet-stream"
    shown = s3.get_object(
        Bucket=BUCKET, Key="plain", ResponseContentType="text/html", ResponseContentDisposition="inline")
    assert (shown["ContentType"], shown["ContentDisposition"]) == ("text/html", "inline")
    s3.delete_object(Bucket=BUCKET, Key="plain")
    s3.delete_object(Bucket=BUCKET, Key="plain")
    refused("NoSuchKey", 404, s3.get_object, Bucket=BUCKET, Key="plain")
    refused("404", 404, s3.head_object, Bucket=BUCKET, Key="plain")
    refused("NoSuchBucket", 404, s3.get_object, Bucket=BUCKET + "-none", Key="plain")
    refused("NoSuchBucket", 404, s3.put_object, Bucket=BUCKET + "-none", Key="plain", Body=b"x")


def ranges(s3):
    for size in (10_000, 5_000_000):
        data = body_of(size, size)
        s3.put_object(Bucket=BUCKET, Key="k", Body=data)
        for first, last in ((0, 0), (0, 99), (5_000, 9_999), (size - 1, size - 1), (size // 3, size // 2)):
            got = s3.get_object(Bucket=BUCKET, Key="k", Range=f"bytes={first}-{last}")
            assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
            assert got["ContentRange"] == f"bytes {first}-{last}/{size}", got["ContentRange"]
            assert got["Body"].read() == data[first:last + 1]
        assert read(s3, "k", Range=f"bytes={size - 7}-") == data[-7:]
        assert read(s3, "k", Range="bytes=-9") == data[-9:]
        assert read(s3, "k", Range=f"bytes={size - 5}-{size + 100}") == data[-5:]
        assert read(s3, "k", Range=f"bytes=-{size + 5}") == data
        refused("InvalidRange", 416, s3.get_object, Bucket=BUCKET, Key="k", Range=f"bytes={size}-")
        assert s3.head_object(Bucket=BUCKET, Key="k", Range="bytes=0-4")["ContentLength"] == 5


def conditional_reads(s3):
    etag = s3.put_object(Bucket=BUCKET, Key="k", Body=b"body")["ETag"]
    changed = s3.head_object(Bucket=BUCKET, Key="k")["LastModified"]
    earlier, later = changed.replace(year=changed.year - 1), changed.replace(year=changed.year + 1)
    assert read(s3, "k", IfMatch=etag) == b"body"
    assert read(s3, "k", IfNoneMatch='"0123456789abcdef0123456789abcdef"') == b"body"
    assert read(s3, "k", IfModifiedSince=earlier) == b"body"
    assert read(s3, "k", IfUnmodifiedSince=changed) == b"body"
    refused("PreconditionFailed", 412, s3.get_object, Bucket=BUCKET, Key="k", IfMatch='"0123"')
    refused("304", 304, s3.get_object, Bucket=BUCKET, Key="k", IfNoneMatch=etag)
    refused("304", 304, s3.get_object, Bucket=BUCKET, Key="k", IfModifiedSince=changed)
    refused("PreconditionFailed", 412, s3.get_object, Bucket=BUCKET, Key="k", IfUnmodifiedSince=earlier)
    # The entity tag beats the date in both directions.
    assert read(s3, "k", IfMatch=etag, IfUnmodifiedSince=earlier) == b"body"
    refused("304", 304, s3.get_object, Bucket=BUCKET, Key="k", IfNoneMatch=etag, IfModifiedSince=earlier)
    refused("412", 412, s3.head_object, Bucket=BUCKET, Key="k", IfMatch='"0123"')


def conditional_writes(s3):
    headers = {}
    # The older generation has no parameter for these headers.
    s3.meta.events.register("before-call.s3.PutObject", lambda params, **_: params["headers"].update(headers))
    headers["If-None-Match"] = "*"
    etag = s3.put_object(Bucket=BUCKET, Key="k", Body=b"one")["ETag"]
    refused("PreconditionFailed", 412, s3.put_object, Bucket=BUCKET, Key="k", Body=b"two")
    assert read(s3, "k") == b"one"
    headers.clear()
    headers["If-Match"] = etag
    second = s3.put_object(Bucket=BUCKET, Key="k", Body=b"two")["ETag"]
    refused("PreconditionFailed", 412, s3.put_object, Bucket=BUCKET, Key="k", Body=b"three")
    refused("NoSuchKey", 404, s3.put_object, Bucket=BUCKET, Key="absent", Body=b"three")
    headers["If-Match"] = second
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"three")
    assert read(s3, "k") == b"three"


def multipart(s3):
    sizes = (5 << 20, 6 << 20, 1)
    parts = [body_of(i, size) for i, size in enumerate(sizes)]
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="m p+1", ContentType="text/x-m", Metadata={"m": "1"})
    named = {"Bucket": BUCKET, "Key": "m p+1", "UploadId": upload["UploadId"]}
    etags = [
        s3.upload_part(PartNumber=i + 1, Body=part, **named)["ETag"] for i, part in enumerate(parts)]
    assert etags == [f'"{md5_hex(part)}"' for part in parts]
    listed = s3.list_parts(**named)
    assert [(p["PartNumber"], p["Size"], p["ETag"]) for p in listed["Parts"]] == [
        (i + 1, size, etags[i]) for i, size in enumerate(sizes)]
    page = s3.list_parts(MaxParts=2, **named)
    assert page["IsTruncated"] and len(page["Parts"]) == 2
    rest = s3.list_parts(PartNumberMarker=page["NextPartNumberMarker"], **named)
    assert [p["PartNumber"] for p in rest["Parts"]] == [3]
    open_uploads = s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
    assert [(u["Key"], u["UploadId"]) for u in open_uploads] == [("m p+1", upload["UploadId"])]
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)

    def finish(pairs):
        return s3.complete_multipart_upload(
            MultipartUpload={"Parts": [{"PartNumber": n, "ETag": e} for n, e in pairs]}, **named)

    refused("InvalidPart", 400, finish, pairs=[(1, etags[1])])
    refused("InvalidPartOrder", 400, finish, pairs=[(2, etags[1]), (1, etags[0])])
    small = s3.upload_part(PartNumber=1, Body=parts[0][:1000], **named)["ETag"]
    refused("EntityTooSmall", 400, finish, pairs=[(1, small), (2, etags[1]), (3, etags[2])])
    s3.upload_part(PartNumber=1, Body=parts[0], **named)
    done = finish(list(enumerate(etags, 1)))
    whole = b"".join(parts)
    expected = hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest() + "-3"
    assert done["ETag"] == f'"{expected}"', done["ETag"]
    got = s3.get_object(Bucket=BUCKET, Key="m p+1")
    assert got["Body"].read() == whole
    assert (got["ETag"], got["ContentType"], got["Metadata"]) == (done["ETag"], "text/x-m", {"m": "1"})
    second = s3.get_object(Bucket=BUCKET, Key="m p+1", PartNumber=2)
    assert second["Body"].read() == parts[1] and second["PartsCount"] == 3
    border = sizes[0]
    assert read(s3, "m p+1", Range=f"bytes={border - 10}-{border + 9}") == whole[border - 10:border + 10]

    dropped = s3.create_multipart_upload(Bucket=BUCKET, Key="dropped")
    named = {"Bucket": BUCKET, "Key": "dropped", "UploadId": dropped["UploadId"]}
    s3.upload_part(PartNumber=1, Body=b"x", **named)
    s3.abort_multipart_upload(**named)
    refused("NoSuchUpload", 404, s3.upload_part, PartNumber=2, Body=b"x", **named)
    refused("NoSuchKey", 404, s3.get_object, Bucket=BUCKET, Key="dropped")
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


def large_file(s3):
    size = 200 << 20
    source, target = os.path.join(SCRATCH, "large"), os.path.join(SCRATCH, "large.back")
    digest = hashlib.sha256()
    with open(source, "wb") as file:
        for block in range(size >> 20):
            data = body_of(block, 1 << 20)
            digest.update(data)
            file.write(data)
    s3.upload_file(source, BUCKET, "large", ExtraArgs={"Metadata": {"origin": "file"}})
    head = s3.head_object(Bucket=BUCKET, Key="large")
    assert (head["ContentLength"], head["Metadata"]) == (size, {"origin": "file"})
    s3.download_file(BUCKET, "large", target)
    with open(target, "rb") as file:
        again = hashlib.sha256()
        while block := file.read(1 << 20):
            again.update(block)
    assert again.digest() == digest.digest()
    s3.copy({"Bucket": BUCKET, "Key": "large"}, BUCKET, "copy of large")
    assert s3.head_object(Bucket=BUCKET, Key="copy of large")["ContentLength"] == size
    assert read(s3, "copy of large", Range="bytes=123456789-123456889") == read(
        s3, "large", Range="bytes=123456789-123456889")


def streamed(s3):
    data = body_of(1, 12_000_000)

    class Pipe(io.RawIOBase):
        """A source that can be read once and knows no length."""
        source = io.BytesIO(data)

        def readable(self):
            return True

        def seekable(self):
            return False

        def readinto(self, buffer):
            return self.source.readinto(buffer)

    s3.upload_fileobj(io.BufferedReader(Pipe()), BUCKET, "k", Config=TransferConfig(multipart_chunksize=5 << 20))
    assert read(s3, "k") == data
    into = io.BytesIO()
    s3.download_fileobj(BUCKET, "k", into)
    assert into.getvalue() == data


def checksums(s3):
    data = body_of(3, 300_000)
    known = {
        "CRC32": base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode(),
        "SHA1": base64.b64encode(hashlib.sha1(data).digest()).decode(),
        "SHA256": base64.b64encode(hashlib.sha256(data).digest()).decode(),
    }
    try:
        from awscrt import checksums as native
        known["CRC32C"] = base64.b64encode(native.crc32c(data).to_bytes(4, "big")).decode()
    except ImportError:
        # The older generation comes without the native library that computes it.
        print("CRC32C left out")
    for algorithm in known:
        field = "Checksum" + algorithm
        put = s3.put_object(Bucket=BUCKET, Key="k", Body=data, ChecksumAlgorithm=algorithm)
        assert put[field] == known[algorithm], (algorithm, put[field])
        got = s3.get_object(Bucket=BUCKET, Key="k", ChecksumMode="ENABLED")
        assert got["Body"].read() == data and got[field] == known[algorithm]
        assert s3.head_object(Bucket=BUCKET, Key="k", ChecksumMode="ENABLED")[field] == known[algorithm]
        seen = s3.get_object_attributes(Bucket=BUCKET, Key="k", ObjectAttributes=["Checksum", "ETag", "ObjectSize"])
        assert seen["Checksum"][field] == known[algorithm] and seen["ObjectSize"] == len(data)
        assert seen["ETag"] == md5_hex(data), seen["ETag"]
    s3.put_object(Bucket=BUCKET, Key="given", Body=data, ChecksumSHA256=known["SHA256"])
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    refused("BadDigest", 400, s3.put_object, Bucket=BUCKET, Key="bad", Body=data, ChecksumSHA256=wrong)
    refused("BadDigest", 400, s3.put_object, Bucket=BUCKET, Key="bad", Body=data,
            ContentMD5=base64.b64encode(hashlib.md5(b"other").digest()).decode())
    refused("InvalidDigest", 400, s3.put_object, Bucket=BUCKET, Key="bad", Body=data, ContentMD5="not base64")
    refused("NoSuchKey", 404, s3.get_object, Bucket=BUCKET, Key="bad")


def fetch(url, method="GET", data=None):
    request = urllib.request.Request(url, method=method, data=data)
    if data is not None:
        request.add_header("Content-Type", "")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def presigned(s3):
    del s3
    # The default of boto3 is still signature version 2 in the query.
    for options in ({}, {"signature_version": "s3v4"}):
        signer = client(**options)
        for key in ("plain", "a b+c%&?#.txt", "日本/😀"):
            named = {"Bucket": BUCKET, "Key": key}
            data = body_of(5, 70_000)
            put_url = signer.generate_presigned_url("put_object", Params=named, ExpiresIn=60)
            status, answer = fetch(put_url, "PUT", data)
            assert status == 200, (status, answer, put_url)
            url = signer.generate_presigned_url("get_object", Params=named, ExpiresIn=60)
            assert fetch(url) == (200, data)
            head_url = signer.generate_presigned_url("head_object", Params=named, ExpiresIn=60)
            assert fetch(head_url, "HEAD") == (200, b"")
            assert fetch(url, "DELETE")[0] == 403
            altered = url.replace(BUCKET + "/", BUCKET + "/x")
            status, answer = fetch(altered)
            assert status == 403 and b"SignatureDoesNotMatch" in answer, (status, answer)
            shown = signer.generate_presigned_url(
                "get_object", Params={**named, "ResponseContentType": "text/html"}, ExpiresIn=60)
            assert fetch(shown) == (200, data)
            gone = signer.generate_presigned_url("delete_object", Params=named, ExpiresIn=60)
            assert fetch(gone, "DELETE")[0] == 204
            assert fetch(url)[0] == 404
        # Not list_objects_v2: for that one botocore signs a string that no server can know.
        short = signer.generate_presigned_url("list_objects", Params={"Bucket": BUCKET}, ExpiresIn=3)
        assert fetch(short)[0] == 200
        time.sleep(4.5)
        status, answer = fetch(short)
        assert status == 403 and b"AccessDenied" in answer, (status, answer)


def versions(s3):
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"null version")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    ids = [s3.put_object(Bucket=BUCKET, Key="k", Body=b"v%d" % i)["VersionId"] for i in range(3)]
    deleted = s3.delete_object(Bucket=BUCKET, Key="k")
    assert deleted["DeleteMarker"] is True
    answer = refused("NoSuchKey", 404, s3.get_object, Bucket=BUCKET, Key="k")
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    refused("MethodNotAllowed", 405, s3.get_object, Bucket=BUCKET, Key="k", VersionId=deleted["VersionId"])
    listed = s3.list_object_versions(Bucket=BUCKET)
    assert [v["VersionId"] for v in listed["Versions"]] == [*reversed(ids), "null"]
    assert [m["VersionId"] for m in listed["DeleteMarkers"]] == [deleted["VersionId"]]
    assert read(s3, "k", VersionId="null") == b"null version"
    for i, version in enumerate(ids):
        assert read(s3, "k", VersionId=version) == b"v%d" % i
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 2})
    seen = [entry["VersionId"] for page in pages for kind in ("DeleteMarkers", "Versions")
            for entry in page.get(kind, [])]
    assert sorted(seen) == sorted([*ids, "null", deleted["VersionId"]]), seen
    s3.delete_object(Bucket=BUCKET, Key="k", VersionId=deleted["VersionId"])
    assert read(s3, "k") == b"v2"
    s3.delete_object(Bucket=BUCKET, Key="k", VersionId=ids[2])
    assert read(s3, "k") == b"v1"
    refused("NoSuchVersion", 404, s3.get_object, Bucket=BUCKET, Key="k", VersionId=ids[2])
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"suspended")
    assert read(s3, "k") == b"suspended" == read(s3, "k", VersionId="null")
    assert read(s3, "k", VersionId=ids[0]) == b"v0"
    restored = s3.copy_object(
        Bucket=BUCKET, Key="restored", CopySource={"Bucket": BUCKET, "Key": "k", "VersionId": ids[1]})
    assert restored["CopySourceVersionId"] == ids[1] and read(s3, "restored") == b"v1"


def tags(s3):
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x", Tagging="a=1&b%20c=d%2Be")
    got = s3.get_object_tagging(Bucket=BUCKET, Key="k")["TagSet"]
    assert sorted((t["Key"], t["Value"]) for t in got) == [("a", "1"), ("b c", "d+e")], got
    count = s3.get_object(Bucket=BUCKET, Key="k")["TagCount"]
    assert count == 2
    s3.put_object_tagging(Bucket=BUCKET, Key="k", Tagging={"TagSet": [{"Key": "ü", "Value": "x/y:z@+=-._ "}]})
    assert s3.get_object_tagging(Bucket=BUCKET, Key="k")["TagSet"] == [{"Key": "ü", "Value": "x/y:z@+=-._ "}]
    s3.delete_object_tagging(Bucket=BUCKET, Key="k")
    assert s3.get_object_tagging(Bucket=BUCKET, Key="k")["TagSet"] == []
    too_many = {"TagSet": [{"Key": str(i), "Value": ""} for i in range(11)]}
    refused("InvalidTag", 400, s3.put_object_tagging, Bucket=BUCKET, Key="k", Tagging=too_many)
    refused("NoSuchTagSet", 404, s3.get_bucket_tagging, Bucket=BUCKET)
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "team", "Value": "x y"}]})
    assert s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"] == [{"Key": "team", "Value": "x y"}]
    s3.delete_bucket_tagging(Bucket=BUCKET)
    refused("NoSuchTagSet", 404, s3.get_bucket_tagging, Bucket=BUCKET)


def pagination(s3):
    keys = sorted([f"dir{i % 7}/{i:03d}" for i in range(120)] + ["dir", "dir/", "e+f g", "ü", "😀", "\ufffd"],
                  key=lambda key: key.encode())
    for key in keys:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
    for operation in ("list_objects", "list_objects_v2"):
        for size in (1, 7, 1000):
            if size == 1 and operation == "list_objects":
                continue
            pages = s3.get_paginator(operation).paginate(Bucket=BUCKET, PaginationConfig={"PageSize": size})
            seen = [entry["Key"] for page in pages for entry in page["Contents"]]
            assert seen == keys, (operation, size, seen)
        pages = list(s3.get_paginator(operation).paginate(
            Bucket=BUCKET, Delimiter="/", PaginationConfig={"PageSize": 2}))
        prefixes = [p["Prefix"] for page in pages for p in page.get("CommonPrefixes", [])]
        plain = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        assert prefixes == ["dir/"] + [f"dir{i}/" for i in range(7)], prefixes
        assert plain == [key for key in keys if "/" not in key], plain
        under = [entry["Key"] for page in s3.get_paginator(operation).paginate(
            Bucket=BUCKET, Prefix="dir3/", PaginationConfig={"PageSize": 5}) for entry in page["Contents"]]
        assert under == [key for key in keys if key.startswith("dir3/")]
    after = s3.list_objects_v2(Bucket=BUCKET, StartAfter="dir6/", MaxKeys=3)
    expected = [key for key in keys if key.encode() > b"dir6/"][:3]
    assert [entry["Key"] for entry in after["Contents"]] == expected
    assert after["KeyCount"] == 3 and after["IsTruncated"] is True
    nothing = s3.list_objects_v2(Bucket=BUCKET, MaxKeys=0)
    assert nothing["KeyCount"] == 0 and nothing["IsTruncated"] is False
    refused("InvalidArgument", 400, s3.list_objects_v2, Bucket=BUCKET, MaxKeys=-1)


def delete_objects(s3):
    keys = [f"k{i:04d}" for i in range(200)] + ODD_KEYS
    for key in keys:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
    removable = [key for key in keys if key != "tab\there"]
    done = s3.delete_objects(
        Bucket=BUCKET, Delete={"Objects": [{"Key": key} for key in [*removable, "never-there"]]})
    assert "Errors" not in done, done["Errors"]
    assert sorted(d["Key"] for d in done["Deleted"]) == sorted([*removable, "never-there"])
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET)["Contents"]] == ["tab\there"]
    quiet = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "tab\there"}], "Quiet": True})
    assert "Deleted" not in quiet and "Errors" not in quiet
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)
    too_many = {"Objects": [{"Key": str(i)} for i in range(1001)]}
    refused("MalformedXML", 400, s3.delete_objects, Bucket=BUCKET, Delete=too_many)


def copy(s3):
    data = body_of(6, 400_000)
    s3.put_object(Bucket=BUCKET, Key="a b+c?d.txt", Body=data, ContentType="text/x-a", Metadata={"a": "1"},
                  Tagging="t=1")
    source = {"Bucket": BUCKET, "Key": "a b+c?d.txt"}
    s3.copy_object(Bucket=BUCKET, Key="same", CopySource=source)
    got = s3.get_object(Bucket=BUCKET, Key="same")
    assert got["Body"].read() == data
    assert (got["ContentType"], got["Metadata"], got["TagCount"]) == ("text/x-a", {"a": "1"}, 1)
    s3.copy_object(Bucket=BUCKET, Key="other", CopySource=source, MetadataDirective="REPLACE",
                   ContentType="text/x-b", Metadata={"b": "2"}, TaggingDirective="REPLACE", Tagging="")
    got = s3.get_object(Bucket=BUCKET, Key="other")
    assert got["Body"].read() == data and "TagCount" not in got
    assert (got["ContentType"], got["Metadata"]) == ("text/x-b", {"b": "2"})
    refused("InvalidRequest", 400, s3.copy_object, Bucket=BUCKET, Key="same",
            CopySource={"Bucket": BUCKET, "Key": "same"})
    s3.copy_object(Bucket=BUCKET, Key="same", CopySource={"Bucket": BUCKET, "Key": "same"},
                   MetadataDirective="REPLACE", Metadata={"c": "3"})
    got = s3.get_object(Bucket=BUCKET, Key="same")
    assert got["Body"].read() == data and got["Metadata"] == {"c": "3"}
    refused("NoSuchKey", 404, s3.copy_object, Bucket=BUCKET, Key="x", CopySource={"Bucket": BUCKET, "Key": "none"})
    refused("PreconditionFailed", 412, s3.copy_object, Bucket=BUCKET, Key="x", CopySource=source,
            CopySourceIfMatch='"0123"')
    big = body_of(7, 8 << 20)
    s3.put_object(Bucket=BUCKET, Key="big", Body=big)
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="joined")
    named = {"Bucket": BUCKET, "Key": "joined", "UploadId": upload["UploadId"]}
    pieces = ["bytes=0-5242879", "bytes=5242880-8388607"]
    done = [s3.upload_part_copy(PartNumber=i + 1, CopySource={"Bucket": BUCKET, "Key": "big"},
                                CopySourceRange=piece, **named)["CopyPartResult"]["ETag"]
            for i, piece in enumerate(pieces)]
    s3.complete_multipart_upload(
        MultipartUpload={"Parts": [{"PartNumber": i + 1, "ETag": e} for i, e in enumerate(done)]}, **named)
    assert read(s3, "joined") == big


def odd_keys(s3):
    for i, key in enumerate(ODD_KEYS):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"%d" % i)
    for i, key in enumerate(ODD_KEYS):
        assert read(s3, key) == b"%d" % i, key
        assert s3.head_object(Bucket=BUCKET, Key=key)["ContentLength"] == len(b"%d" % i)
    expected = sorted(ODD_KEYS, key=lambda key: key.encode())
    for operation in ("list_objects", "list_objects_v2"):
        listed = getattr(s3, operation)(Bucket=BUCKET)
        assert [entry["Key"] for entry in listed["Contents"]] == expected, operation
    listed = s3.list_object_versions(Bucket=BUCKET)
    assert [entry["Key"] for entry in listed["Versions"]] == expected
    for i, key in enumerate(ODD_KEYS[:-2]):
        s3.copy_object(Bucket=BUCKET, Key="copy/" + key[:900], CopySource={"Bucket": BUCKET, "Key": key})
        assert read(s3, "copy/" + key[:900]) == b"%d" % i, key
    for key in ODD_KEYS:
        s3.delete_object(Bucket=BUCKET, Key=key)
        refused("NoSuchKey", 404, s3.get_object, Bucket=BUCKET, Key=key)
    refused("KeyTooLongError", 400, s3.put_object, Bucket=BUCKET, Key="z" * 1025, Body=b"")


def buckets(s3):
    location = s3.get_bucket_location(Bucket=BUCKET)
    assert location["LocationConstraint"] is None, location
    head = s3.head_bucket(Bucket=BUCKET)
    assert head["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "us-east-1"
    refused("404", 404, s3.head_bucket, Bucket=BUCKET + "-none")
    assert BUCKET in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"")
    refused("BucketNotEmpty", 409, s3.delete_bucket, Bucket=BUCKET)
    # botocore's own rule is laxer than the server's: digits as an address pass it.
    refused("InvalidBucketName", 400, s3.create_bucket, Bucket="192.168.0.1")
    refused("NotImplemented", 501, s3.put_bucket_website, Bucket=BUCKET,
            WebsiteConfiguration={"IndexDocument": {"Suffix": "i"}})
    dotted = BUCKET + ".with.dots"
    s3.create_bucket(Bucket=dotted)
    s3.put_object(Bucket=dotted, Key="k", Body=b"dot")
    assert s3.get_object(Bucket=dotted, Key="k")["Body"].read() == b"dot"
    s3.delete_object(Bucket=dotted, Key="k")
    s3.delete_bucket(Bucket=dotted)


def strangers(s3):
    del s3
    def as_whom(access_key, secret_key):
        return boto3.client("s3", endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id=access_key,
                            aws_secret_access_key=secret_key, config=Config(retries={"max_attempts": 1}))
    refused("InvalidAccessKeyId", 403, as_whom("nobody", SECRET_KEY).list_buckets)
    refused("SignatureDoesNotMatch", 403, as_whom(ACCESS_KEY, "wrong").list_buckets)
    refused("SignatureDoesNotMatch", 403, as_whom(ACCESS_KEY, "wrong").put_object, Bucket=BUCKET, Key="k", Body=b"x")
    status, answer = fetch(f"{ENDPOINT}/{BUCKET}")
    assert status == 403 and b"AccessDenied" in answer, (status, answer)
    # Signature version 2 in the header, for the programs that never moved on.
    old = client(signature_version="s3")
    assert "Contents" not in old.list_objects(Bucket=BUCKET)
    old.put_object(Bucket=BUCKET, Key="v2 +ü", Body=b"signed by version 2")
    assert old.get_object(Bucket=BUCKET, Key="v2 +ü")["Body"].read() == b"signed by version 2"


def main():
    global ENDPOINT, ACCESS_KEY, SECRET_KEY, BUCKET, SCRATCH
    session, ENDPOINT, ACCESS_KEY, SECRET_KEY, BUCKET, SCRATCH = sys.argv[1:]
    s3 = client()
    s3.create_bucket(Bucket=BUCKET)
    globals()[session](s3)
    print(f"boto3 {boto3.__version__}: {session} passed")


if __name__ == "__main__":
    main()
