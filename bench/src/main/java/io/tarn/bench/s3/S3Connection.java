package io.tarn.bench.s3;

import io.tarn.bench.http.BodySink;
import io.tarn.bench.http.HttpConnection;
import io.tarn.bench.http.HttpConnection.Answer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * The S3 operations of the load over one connection, path-style. Status and length of every answer are verified, contents where
 * asked; a mismatch is an {@link UnexpectedAnswerException}, never a count of errors, so that a fast wrong server cannot win.
 *
 * <p>Threading: as {@link HttpConnection}. Cost per request: one signature, one short string encoded into a direct buffer that
 * is reused; bodies are sent from and compared in direct memory without a copy.
 */
public final class S3Connection implements Closeable {
    /** Keys asked for by {@link #list}, the most that S3 gives in a page. */
    public static final int LIST_PAGE_KEYS = 1000;

    private static final int MAX_REQUEST_HEAD_BYTES = 4096;
    private static final ByteBuffer NO_BODY = ByteBuffer.allocateDirect(0);

    private final HttpConnection http;
    private final String host;
    private final SigV4Signer signer;
    private final Payload payload;
    private final ByteBuffer head = ByteBuffer.allocateDirect(MAX_REQUEST_HEAD_BYTES);
    private final StringBuilder text = new StringBuilder(1024);
    private final ListingBody xml = new ListingBody();

    private S3Connection(
            final HttpConnection http, final String host, final Credentials credentials, final Payload payload) {
        this.http = http;
        this.host = host;
        this.signer = new SigV4Signer(credentials, host, InstantSource.system());
        this.payload = payload;
    }

    /** Connects to an endpoint. */
    public static S3Connection open(
            final InetSocketAddress address, final Credentials credentials, final Payload payload) throws IOException {
        final String host = address.getHostString() + ':' + address.getPort();
        return new S3Connection(HttpConnection.open(address), host, credentials, payload);
    }

    /** Creates a bucket that must not exist yet. */
    public void createBucket(final String bucket) throws IOException {
        send("PUT", '/' + bucket, "", NO_BODY.duplicate(), 200, xml);
    }

    /** Deletes an empty bucket. */
    public void deleteBucket(final String bucket) throws IOException {
        send("DELETE", '/' + bucket, "", NO_BODY.duplicate(), 204, xml);
    }

    /** Writes an object whose contents are the payload of its number. */
    public void put(final KeySet keys, final long object, final int sizeBytes) throws IOException {
        send("PUT", keys.path(object), "", payload.of(sizeBytes, object), 200, xml);
    }

    /**
     * Reads an object whole and verifies its length.
     *
     * @param compare whether every byte is compared with what was written, too
     */
    public void get(final KeySet keys, final long object, final int sizeBytes, final boolean compare)
            throws IOException {
        final String path = keys.path(object);
        final BodySink sink = compare ? comparing(payload.of(sizeBytes, object), path) : BodySink.DISCARD;
        verifyLength("GET", path, send("GET", path, "", NO_BODY.duplicate(), 200, sink), sizeBytes);
    }

    /** Asks for an object's metadata and verifies the announced length. */
    public void head(final KeySet keys, final long object, final int sizeBytes) throws IOException {
        final String path = keys.path(object);
        verifyLength("HEAD", path, send("HEAD", path, "", NO_BODY.duplicate(), 200, BodySink.DISCARD), sizeBytes);
    }

    /** Deletes an object. */
    public void delete(final KeySet keys, final long object) throws IOException {
        send("DELETE", keys.path(object), "", NO_BODY.duplicate(), 204, xml);
    }

    /**
     * Asks for one page of ListObjectsV2 and verifies that it starts at the right key and how many keys it has.
     *
     * @param first number of the first key of the page; the set must hold a whole page from there
     */
    public void list(final KeySet keys, final long first) throws IOException {
        final String startAfter = first == 0 ? "" : "&start-after=" + encode(keys.key(first - 1));
        final String query = "list-type=2&max-keys=" + LIST_PAGE_KEYS + "&prefix=" + encode(keys.prefix()) + startAfter;
        send("GET", '/' + keys.bucket(), query, NO_BODY.duplicate(), 200, xml);
        if (!xml.firstKey().equals(keys.key(first)) || xml.keys() != LIST_PAGE_KEYS) {
            throw new UnexpectedAnswerException("LIST from " + keys.key(first) + " gave " + xml.keys() + " keys from "
                    + xml.firstKey() + ": " + xml.excerpt());
        }
    }

    private Answer send(
            final String method,
            final String path,
            final String query,
            final ByteBuffer body,
            final int expectedStatus,
            final BodySink sink)
            throws IOException {
        final SigV4Signer.Signature signature = signer.sign(method, path, query, SigV4Signer.UNSIGNED_PAYLOAD);
        text.setLength(0);
        text.append(method).append(' ').append(path);
        if (!query.isEmpty()) {
            text.append('?').append(query);
        }
        text.append(" HTTP/1.1\r\nHost: ").append(host);
        text.append("\r\nx-amz-date: ").append(signature.amzDate());
        text.append("\r\nx-amz-content-sha256: ").append(signature.payloadHash());
        text.append("\r\nAuthorization: ").append(signature.authorization());
        if (method.equals("PUT")) {
            text.append("\r\nContent-Length: ").append(body.remaining());
        }
        text.append("\r\n\r\n");
        head.clear().put(text.toString().getBytes(StandardCharsets.ISO_8859_1)).flip();
        xml.clear();
        final Answer answer = http.exchange(head, body, method.equals("HEAD"), sink);
        if (answer.status() != expectedStatus) {
            throw new UnexpectedAnswerException(method + ' ' + path + " answered " + answer.status() + " in place of "
                    + expectedStatus + ' ' + xml.excerpt());
        }
        return answer;
    }

    private static void verifyLength(final String method, final String path, final Answer answer, final long expected)
            throws UnexpectedAnswerException {
        if (answer.length() != expected) {
            throw new UnexpectedAnswerException(
                    method + ' ' + path + " gave " + answer.length() + " bytes in place of " + expected);
        }
    }

    /** Compares what arrives; a length that differs is found by the caller. */
    private static BodySink comparing(final ByteBuffer expected, final String path) {
        return chunk -> {
            final int size = Math.min(chunk.remaining(), expected.remaining());
            final int different =
                    chunk.slice(chunk.position(), size).mismatch(expected.slice(expected.position(), size));
            if (different >= 0) {
                throw new UnexpectedAnswerException(
                        "GET " + path + " differs from what was written at byte " + (expected.position() + different));
            }
            expected.position(expected.position() + size);
        };
    }

    private static String encode(final String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
