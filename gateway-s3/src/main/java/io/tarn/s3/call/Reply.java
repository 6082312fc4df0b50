package io.tarn.s3.call;

import io.tarn.client.ContentReader;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.xml.XmlWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a call: status, headers and where the body comes from. Built by one thread. Header values are text of ISO-8859-1
 * as it goes over the wire.
 */
public final class Reply {
    /** Where the bytes of the body come from. */
    public sealed interface Body {}

    /** No body. */
    public record Nothing() implements Body {}

    /** A body that is not sent because a HEAD asked for it: only its length is. */
    public record LengthOnly(long length) implements Body {}

    /** A small body, in memory. */
    public record Bytes(ByteBuffer bytes) implements Body {}

    /** A range of stored content; whoever sends it closes the reader. */
    public record Range(ContentReader reader, long offset, long length) implements Body {}

    /** An error document. */
    public record Failure(S3Exception error) implements Body {}

    private static final Body NOTHING = new Nothing();

    private final int status;
    private final List<String> headers = new ArrayList<>(32);
    private final Body body;

    private Reply(final int status, final Body body) {
        this.status = status;
        this.body = body;
    }

    public static Reply ok() {
        return new Reply(200, NOTHING);
    }

    public static Reply noContent() {
        return new Reply(204, NOTHING);
    }

    public static Reply of(final int status) {
        return new Reply(status, NOTHING);
    }

    public static Reply of(final int status, final Body body) {
        return new Reply(status, body);
    }

    /** An error with headers of its own; without any, operations throw instead. */
    public static Reply error(final S3Exception error) {
        return new Reply(error.httpStatus(), new Failure(error));
    }

    public static Reply xml(final XmlWriter document) {
        return xml(200, document);
    }

    public static Reply xml(final int status, final XmlWriter document) {
        return new Reply(status, new Bytes(document.toByteBuffer())).header("Content-Type", "application/xml");
    }

    /** Adds a header line. */
    public Reply header(final String name, final String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    /** Adds a header line if there is a value. */
    public Reply header(final String name, final Optional<String> value) {
        if (value.isPresent()) {
            header(name, value.get());
        }
        return this;
    }

    public int status() {
        return status;
    }

    public Body body() {
        return body;
    }

    /** Header lines in order: name, value, name, value. */
    public List<String> headers() {
        return headers;
    }
}
