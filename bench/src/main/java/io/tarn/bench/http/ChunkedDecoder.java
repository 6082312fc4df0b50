package io.tarn.bench.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes the chunked transfer coding off a body (RFC 9112 section 7.1), incrementally. Chunk extensions and trailer fields are
 * skipped. One decoder per response; not thread-safe. Payload bytes are handed on without a copy.
 */
final class ChunkedDecoder {
    /** Longest accepted chunk-size or trailer line, in bytes. */
    private static final int MAX_LINE_BYTES = 8 * 1024;

    private enum State {
        SIZE,
        DATA,
        DATA_END,
        TRAILER,
        DONE
    }

    private final StringBuilder line = new StringBuilder();
    private State state = State.SIZE;
    private long left;
    private long total;

    /**
     * Consumes what it can of the readable bytes and gives payload to the sink.
     *
     * @return true when the body is complete; bytes behind it are left in the buffer
     */
    boolean feed(final ByteBuffer in, final BodySink sink) throws IOException {
        while (state != State.DONE) {
            if (state == State.DATA) {
                if (!in.hasRemaining()) {
                    return false;
                }
                pass(in, sink);
            } else if (readLine(in)) {
                endOfLine();
            } else {
                return false;
            }
        }
        return true;
    }

    /** Payload bytes so far. */
    long total() {
        return total;
    }

    private void pass(final ByteBuffer in, final BodySink sink) throws IOException {
        final int size = (int) Math.min(left, in.remaining());
        sink.accept(in.slice(in.position(), size));
        in.position(in.position() + size);
        left -= size;
        total += size;
        if (left == 0) {
            state = State.DATA_END;
        }
    }

    private boolean readLine(final ByteBuffer in) throws HttpProtocolException {
        while (in.hasRemaining()) {
            final char c = (char) (in.get() & 0xff);
            if (c == '\n') {
                if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
                    line.setLength(line.length() - 1);
                }
                return true;
            }
            if (line.length() >= MAX_LINE_BYTES) {
                throw new HttpProtocolException("line in a chunked body exceeds " + MAX_LINE_BYTES + " bytes");
            }
            line.append(c);
        }
        return false;
    }

    private void endOfLine() throws HttpProtocolException {
        final String text = line.toString();
        line.setLength(0);
        switch (state) {
            case SIZE -> {
                left = size(text);
                state = left == 0 ? State.TRAILER : State.DATA;
            }
            case DATA_END -> {
                if (!text.isEmpty()) {
                    throw new HttpProtocolException("chunk is longer than its size says");
                }
                state = State.SIZE;
            }
            case TRAILER -> state = text.isEmpty() ? State.DONE : State.TRAILER;
            case DATA, DONE -> throw new IllegalStateException("no line is read in " + state);
        }
    }

    private static long size(final String text) throws HttpProtocolException {
        final int semicolon = text.indexOf(';');
        final String digits = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
        try {
            final long size = Long.parseLong(digits, 16);
            if (size >= 0) {
                return size;
            }
        } catch (final NumberFormatException e) {
            throw (HttpProtocolException)
                    new HttpProtocolException("chunk size is not a number: " + digits).initCause(e);
        }
        throw new HttpProtocolException("negative chunk size " + digits);
    }
}
