"""What a boto3 user does, against the endpoint given; ends with an assertion error when an answer is not AWS's."""

import os
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError

MIB = 1024 * 1024
PART = 5 * MIB

s3 = boto3.client(
    "s3",
    endpoint_url=sys.argv[1],
    config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
)
scratch = sys.argv[2]


def expect_code(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
    else:
        raise AssertionError(f"{call} did not fail with {code}")


def buckets():
    s3.create_bucket(Bucket="boto")
    assert "boto" in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    s3.head_bucket(Bucket="boto")
    expect_code("NoSuchBucket", s3.list_objects_v2, Bucket="boto-not-there")


def default_checksums():
    answer = s3.put_object(Bucket="boto", Key="plain", Body=b"hello", Metadata={"who": "boto"}, ContentType="text/plain")
    assert answer["ETag"] == '"5d41402abc4b2a76b9719d911017c592"', answer
    assert answer["ChecksumCRC32"] == "NhCmhg==", answer
    answer = s3.get_object(Bucket="boto", Key="plain", ChecksumMode="ENABLED")
    assert answer["Body"].read() == b"hello"
    assert answer["ChecksumCRC32"] == "NhCmhg==" and answer["Metadata"] == {"who": "boto"}
    for algorithm in ("SHA1", "SHA256", "CRC32"):
        s3.put_object(Bucket="boto", Key="sum-" + algorithm, Body=b"sum", ChecksumAlgorithm=algorithm)
        assert "Checksum" + algorithm in s3.head_object(Bucket="boto", Key="sum-" + algorithm, ChecksumMode="ENABLED")
    assert s3.get_object(Bucket="boto", Key="plain", Range="bytes=1-3")["Body"].read() == b"ell"
    expect_code("PreconditionFailed", s3.put_object, Bucket="boto", Key="plain", Body=b"x", IfNoneMatch="*")
    expect_code("NoSuchKey", s3.get_object, Bucket="boto", Key="missing")


def transfers():
    path = os.path.join(scratch, "large")
    content = os.urandom(2 * PART + 12345)
    with open(path, "wb") as file:
        file.write(content)
    config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=4)
    s3.upload_file(path, "boto", "large", Config=config)
    assert s3.head_object(Bucket="boto", Key="large")["ETag"].endswith('-3"')
    s3.copy({"Bucket": "boto", "Key": "large"}, "boto", "large-copy", Config=config)
    s3.download_file("boto", "large-copy", path + ".back", Config=config)
    with open(path + ".back", "rb") as file:
        assert file.read() == content
    upload = s3.create_multipart_upload(Bucket="boto", Key="given-up")["UploadId"]
    s3.upload_part(Bucket="boto", Key="given-up", UploadId=upload, PartNumber=1, Body=b"part")
    assert [one["Key"] for one in s3.list_multipart_uploads(Bucket="boto")["Uploads"]] == ["given-up"]
    s3.abort_multipart_upload(Bucket="boto", Key="given-up", UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="boto")


def presigned():
    for version in ("s3", "s3v4"):
        signer = boto3.client("s3", endpoint_url=sys.argv[1], config=Config(signature_version=version))
        place = {"Bucket": "boto", "Key": "by url, " + version}
        url = signer.generate_presigned_url("put_object", Params=place | {"ContentType": "text/plain"}, ExpiresIn=60)
        request = urllib.request.Request(url, data=b"a URL", method="PUT", headers={"Content-Type": "text/plain"})
        assert urllib.request.urlopen(request).status == 200
        url = signer.generate_presigned_url("get_object", Params=place, ExpiresIn=60)
        answer = urllib.request.urlopen(url)
        assert answer.read() == b"a URL" and answer.headers["Content-Type"] == "text/plain"
        try:
            urllib.request.urlopen(url.replace("Signature=", "Signature=0"))
        except urllib.error.HTTPError as error:
            assert error.code == 403, error
        else:
            raise AssertionError("a forged signature was taken")


def fetched(method, url, data=None, headers=None):
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    try:
        return urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        return error


def presigned_headers():
    """Headers of a presigned request: signed and sent (version 4), or moved into the URL (version 2, and other SDKs' version 4)."""
    described = {
        "Metadata": {"colour": "red"},
        "Tagging": "a=1&b=2",
        "ACL": "public-read",
        "StorageClass": "STANDARD_IA",
    }
    headers = {
        "x-amz-meta-colour": "red",
        "x-amz-tagging": "a=1&b=2",
        "x-amz-acl": "public-read",
        "x-amz-storage-class": "STANDARD_IA",
    }

    def is_described(key):
        head = s3.head_object(Bucket="boto", Key=key)
        assert head["Metadata"] == {"colour": "red"} and head["StorageClass"] == "STANDARD_IA", head
        assert len(s3.get_object_tagging(Bucket="boto", Key=key)["TagSet"]) == 2
        assert fetched("GET", f"{sys.argv[1]}/boto/{key}").status == 200

    for version in ("s3", "s3v4"):
        signer = boto3.client("s3", endpoint_url=sys.argv[1], config=Config(signature_version=version))
        place = {"Bucket": "boto", "Key": "described-" + version}
        url = signer.generate_presigned_url("put_object", Params=place | described, ExpiresIn=60)
        in_url = "x-amz-meta-colour=red" in url
        assert in_url == (version == "s3"), url
        # urllib names a type by itself where there is a body; version 2 signs it
        sent = {"Content-Type": ""} | ({} if in_url else headers)
        answer = fetched("PUT", url, b"x", sent)
        assert answer.status == 200, answer.read()
        is_described(place["Key"])
        for method, operation in (("HEAD", "head_object"), ("DELETE", "delete_object")):
            assert fetched(method, signer.generate_presigned_url(operation, Params=place)).status in (200, 204)

    def moved(method, key, parameters, data=None):
        request = AWSRequest(method=method, url=f"{sys.argv[1]}/boto/{key}", params=parameters)
        session = boto3.Session()
        S3SigV4QueryAuth(session.get_credentials(), "s3", session.region_name, expires=60).add_auth(request)
        return fetched(method, request.prepare().url, data)

    checksum = {"x-amz-sdk-checksum-algorithm": "CRC32", "x-amz-checksum-crc32": "NhCmhg=="}
    answer = moved("PUT", "moved", headers | checksum | {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, b"hello")
    assert answer.status == 200, answer.read()
    is_described("moved")
    assert b"BadDigest" in moved("PUT", "moved", headers | checksum, b"other").read()
    assert b"NotImplemented" in moved("PUT", "moved", {"x-amz-server-side-encryption": "AES256"}, b"hello").read()
    copied = moved("PUT", "moved-copy", {"x-amz-copy-source": "boto/moved", "x-amz-metadata-directive": "COPY"}, b"")
    assert b"CopyObjectResult" in copied.read()


def pages():
    names = sorted(f"page/{letter}/{number}" for letter in "abc" for number in range(9))
    for name in names:
        s3.put_object(Bucket="boto", Key=name, Body=b"")
    paginator = s3.get_paginator("list_objects_v2")
    found = [
        one["Key"]
        for page in paginator.paginate(Bucket="boto", Prefix="page/", PaginationConfig={"PageSize": 5})
        for one in page["Contents"]
    ]
    assert found == names, found
    prefixes = [
        one["Prefix"]
        for page in paginator.paginate(Bucket="boto", Prefix="page/", Delimiter="/", PaginationConfig={"PageSize": 1})
        for one in page.get("CommonPrefixes", [])
    ]
    assert prefixes == ["page/a/", "page/b/", "page/c/"], prefixes
    deleted = s3.delete_objects(Bucket="boto", Delete={"Objects": [{"Key": name} for name in names]})
    assert len(deleted["Deleted"]) == len(names) and "Errors" not in deleted


def versions():
    s3.create_bucket(Bucket="boto-versions")
    s3.put_bucket_versioning(Bucket="boto-versions", VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket="boto-versions")["Status"] == "Enabled"
    first = s3.put_object(Bucket="boto-versions", Key="v", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket="boto-versions", Key="v", Body=b"2")["VersionId"]
    marker = s3.delete_object(Bucket="boto-versions", Key="v")
    assert marker["DeleteMarker"]
    expect_code("NoSuchKey", s3.get_object, Bucket="boto-versions", Key="v")
    assert s3.get_object(Bucket="boto-versions", Key="v", VersionId=first)["Body"].read() == b"1"
    listed = s3.list_object_versions(Bucket="boto-versions")
    assert [one["VersionId"] for one in listed["Versions"]] == [second, first]
    assert [one["VersionId"] for one in listed["DeleteMarkers"]] == [marker["VersionId"]]
    s3.delete_object(Bucket="boto-versions", Key="v", VersionId=marker["VersionId"])
    assert s3.get_object(Bucket="boto-versions", Key="v")["Body"].read() == b"2"
    expect_code("BucketNotEmpty", s3.delete_bucket, Bucket="boto-versions")
    for version in (first, second):
        s3.delete_object(Bucket="boto-versions", Key="v", VersionId=version)
    s3.delete_bucket(Bucket="boto-versions")


def emptied():
    resource = boto3.resource("s3", endpoint_url=sys.argv[1])
    resource.Bucket("boto").objects.all().delete()
    s3.delete_bucket(Bucket="boto")
    expect_code("404", s3.head_bucket, Bucket="boto")


for step in (buckets, default_checksums, transfers, presigned, presigned_headers, pages, versions, emptied):
    print(step.__name__, flush=True)
    step()
