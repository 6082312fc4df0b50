package io.tarn.s3.auth;

import io.tarn.s3.wire.HeaderLines;
import io.tarn.s3.wire.RawRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The examples of the Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)". */
public final class AwsExamples {
    static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    static final Instant SIGNED_AT = Instant.parse("2013-05-24T00:00:00Z");
    static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private AwsExamples() {}

    /** An authenticator that knows the examples' key, at a time. */
    public static RequestAuthenticator at(final Instant now) {
        SecretLookup secrets = key -> key.equals(ACCESS_KEY) ? Optional.of(Secret.of(SECRET_KEY)) : Optional.empty();
        return new RequestAuthenticator(secrets, AuthSettings.defaults(), InstantSource.fixed(now));
    }

    static String authorization(final String signedHeaders, final String signature) {
        return "AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY + "/20130524/us-east-1/s3/aws4_request,SignedHeaders="
                + signedHeaders + ",Signature=" + signature;
    }

    /** "GET Object", with a range. */
    static RawRequest getObject(final String authorization) {
        return RawRequest.of(
                "GET",
                "/test.txt",
                HeaderLines.of(
                        "Host", "examplebucket.s3.amazonaws.com",
                        "Range", "bytes=0-9",
                        "x-amz-content-sha256", EMPTY_SHA256,
                        "x-amz-date", "20130524T000000Z",
                        "Authorization", authorization));
    }

    static String getObjectAuthorization() {
        return authorization(
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    /** The head of the example of an upload in chunks. */
    public static RawRequest chunkedPut() {
        return RawRequest.of(
                "PUT",
                "/examplebucket/chunkObject.txt",
                HeaderLines.of(
                        "Host", "s3.amazonaws.com",
                        "x-amz-date", "20130524T000000Z",
                        "x-amz-storage-class", "REDUCED_REDUNDANCY",
                        "Authorization",
                                authorization(
                                        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
                                                + "x-amz-decoded-content-length;x-amz-storage-class",
                                        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"),
                        "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                        "Content-Encoding", "aws-chunked",
                        "x-amz-decoded-content-length", "66560",
                        "Content-Length", "66824"));
    }

    /** The head of the example of an upload in chunks with a trailing checksum. */
    public static RawRequest chunkedPutWithTrailer() {
        return RawRequest.of(
                "PUT",
                "/examplebucket/chunkObject.txt",
                HeaderLines.of(
                        "Host", "s3.amazonaws.com",
                        "x-amz-date", "20130524T000000Z",
                        "x-amz-storage-class", "REDUCED_REDUNDANCY",
                        "Authorization",
                                authorization(
                                        "content-encoding;host;x-amz-content-sha256;x-amz-date;"
                                                + "x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
                                        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"),
                        "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                        "Content-Encoding", "aws-chunked",
                        "x-amz-decoded-content-length", "66560",
                        "x-amz-trailer", "x-amz-checksum-crc32c"));
    }

    /** Verifies one of the chunked examples, and gives the checker of its chunks. */
    public static ChunkSigner chunkSigner(final RawRequest request) {
        return at(SIGNED_AT).authenticate(request, Optional.empty()) instanceof Authentication.Signed signed
                ? signed.chunkSigner().orElseThrow()
                : null;
    }
}
