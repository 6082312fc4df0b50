package io.tarn.s3.wire.chunked;

import io.tarn.s3.auth.ChunkSigner;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.PercentCoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes a body in the {@code aws-chunked} coding as it arrives, in pieces of any size.
 *
 * <p>Payload is given out as slices of what was fed, before the signature over its chunk is known: it may be written, but
 * nothing may be committed until {@link #finish()} has returned.
 *
 * <p>Cost: no copy of payload and one buffer view per piece of it; chunk headers gather in one small array. Not thread-safe; one
 * body's.
 *
 * <p>Source: Amazon S3 API Reference, "Transferring Payload in Multiple Chunks" and "Trailing headers".
 */
public final class AwsChunkedDecoder {
    /** Longest line of chunk size or trailer, in bytes. */
    public static final int MAX_LINE_BYTES = 1024;

    /** Every chunk but the last one with payload has at least this many bytes. */
    public static final int MIN_CHUNK_BYTES = 8192;

    /** Blank lines taken between the trailers and their signature; some clients send one. */
    private static final int MAX_BLANK_LINES = 2;

    private static final String CHUNK_SIGNATURE = "chunk-signature=";

    private final long decodedLength;
    private final Optional<ChunkSigner> signer;
    private final boolean trailerExpected;
    private final Trailers trailers;
    private final byte[] line = new byte[MAX_LINE_BYTES];

    private State state = State.CHUNK_HEADER;
    private int lineLength;
    private int blankLines;
    private long given;
    private long chunkRest;
    private boolean smallChunkSeen;
    private String chunkSignature = "";

    private enum State {
        CHUNK_HEADER,
        PAYLOAD,
        AFTER_PAYLOAD,
        LAST_LINE,
        TRAILER,
        DONE
    }

    /**
     * A decoder for one body.
     *
     * @param decodedLength the payload's length as announced
     * @param signer checks chunk signatures; without one they are not looked at
     * @param trailerExpected whether trailing headers follow the last chunk
     * @param announcedTrailers names in lower case that must come, and nothing else
     */
    public AwsChunkedDecoder(
            final long decodedLength,
            final Optional<ChunkSigner> signer,
            final boolean trailerExpected,
            final List<String> announcedTrailers) {
        this.decodedLength = decodedLength;
        this.signer = signer;
        this.trailerExpected = trailerExpected;
        this.trailers = new Trailers(announcedTrailers);
    }

    /** The names in {@code x-amz-trailer}, in lower case. Fails with InvalidRequest when there are too many. */
    public static List<String> announcedTrailers(final HeaderView headers) {
        return Trailers.parseAnnouncement(headers.all("x-amz-trailer"));
    }

    /**
     * Decodes the buffer to its limit.
     *
     * @throws S3Exception when the body breaks the coding, a signature or the announced length; feed no more then
     */
    public void feed(final ByteBuffer input, final PayloadSink sink) {
        while (input.hasRemaining()) {
            switch (state) {
                case PAYLOAD -> takePayload(input, sink);
                case DONE ->
                    throw new S3Exception(S3ErrorCode.INVALID_REQUEST, "The body goes on after its last chunk");
                default -> {
                    if (takeLine(input)) {
                        endLine();
                    }
                }
            }
        }
    }

    private void takePayload(final ByteBuffer input, final PayloadSink sink) {
        int count = (int) Math.min(chunkRest, input.remaining());
        ByteBuffer payload = input.slice(input.position(), count);
        input.position(input.position() + count);
        if (signer.isPresent()) {
            signer.get().update(payload.duplicate());
        }
        chunkRest -= count;
        given += count;
        if (chunkRest == 0) {
            endChunk();
            state = State.AFTER_PAYLOAD;
        }
        sink.accept(payload);
    }

    private void endChunk() {
        if (signer.isPresent()) {
            signer.get().endChunk(chunkSignature);
        }
    }

    /** Gathers a line without its end; true once it is whole. */
    private boolean takeLine(final ByteBuffer input) {
        while (input.hasRemaining()) {
            byte b = input.get();
            if (b == '\n') {
                if (lineLength > 0 && line[lineLength - 1] == '\r') {
                    lineLength--;
                }
                return true;
            }
            if (lineLength == MAX_LINE_BYTES) {
                throw state == State.TRAILER ? Trailers.malformed() : malformedChunk();
            }
            line[lineLength++] = b;
        }
        return false;
    }

    private void endLine() {
        int length = lineLength;
        lineLength = 0;
        switch (state) {
            case CHUNK_HEADER -> beginChunk(length);
            case AFTER_PAYLOAD -> {
                if (length != 0) {
                    throw malformedChunk();
                }
                state = State.CHUNK_HEADER;
            }
            case LAST_LINE -> {
                if (length != 0) {
                    throw malformedChunk();
                }
                state = State.DONE;
            }
            default -> trailerLine(length);
        }
    }

    private void trailerLine(final int length) {
        if (length != 0) {
            trailers.add(new String(line, 0, length, StandardCharsets.ISO_8859_1));
            return;
        }
        boolean signatureToCome = signer.isPresent() && !trailers.hasSignature();
        if (signatureToCome && ++blankLines <= MAX_BLANK_LINES) {
            return;
        }
        endTrailers();
        state = State.DONE;
    }

    private void endTrailers() {
        if (signer.isPresent()) {
            if (!trailers.hasSignature()) {
                throw Trailers.malformed();
            }
            signer.get().endTrailer(trailers.canonical(), trailers.signature());
        }
    }

    private void beginChunk(final int length) {
        int digits = 0;
        long size = 0;
        while (digits < length && PercentCoding.hexValue(line[digits]) >= 0) {
            if (digits == 15) {
                throw malformedChunk();
            }
            size = size << 4 | PercentCoding.hexValue(line[digits++]);
        }
        if (digits == 0 || (digits < length && line[digits] != ';')) {
            throw malformedChunk();
        }
        readSignature(digits, length);
        if (size == 0) {
            lastChunk();
            return;
        }
        checkSize(size);
        chunkRest = size;
        state = State.PAYLOAD;
    }

    private void readSignature(final int from, final int to) {
        if (signer.isEmpty()) {
            return;
        }
        String extension = from == to ? "" : new String(line, from + 1, to - from - 1, StandardCharsets.ISO_8859_1);
        if (!extension.startsWith(CHUNK_SIGNATURE)) {
            throw new S3Exception(
                    S3ErrorCode.SIGNATURE_DOES_NOT_MATCH, "A chunk of the body carries no chunk-signature");
        }
        chunkSignature = extension.substring(CHUNK_SIGNATURE.length());
    }

    private void checkSize(final long size) {
        if (smallChunkSeen) {
            throw new S3Exception(S3ErrorCode.INVALID_CHUNK_SIZE).with("Chunk", String.valueOf(given));
        }
        smallChunkSeen = size < MIN_CHUNK_BYTES;
        if (size > decodedLength - given) {
            throw new S3Exception(
                    S3ErrorCode.INCOMPLETE_BODY,
                    "The request body is longer than the length specified by x-amz-decoded-content-length");
        }
    }

    private void lastChunk() {
        if (given != decodedLength) {
            throw incomplete();
        }
        endChunk();
        state = trailerExpected ? State.TRAILER : State.LAST_LINE;
    }

    /** Whether the whole coding has been seen. */
    public boolean isComplete() {
        return state == State.DONE;
    }

    /** Payload bytes given out so far. */
    public long decodedBytes() {
        return given;
    }

    /**
     * Says that no more input comes. The line break that ends the coding may be missing, as from some clients; nothing else may.
     *
     * @return the trailing headers by name in lower case
     * @throws S3Exception IncompleteBody, MalformedTrailerError, SignatureDoesNotMatch
     */
    public Map<String, String> finish() {
        if (state == State.TRAILER) {
            if (lineLength > 0) {
                trailers.add(new String(line, 0, lineLength, StandardCharsets.ISO_8859_1).strip());
                lineLength = 0;
            }
            endTrailers();
            state = State.DONE;
        }
        boolean whole = state == State.DONE || (state == State.LAST_LINE && lineLength == 0);
        if (!whole) {
            throw incomplete();
        }
        return trailers.complete();
    }

    private S3Exception incomplete() {
        return new S3Exception(S3ErrorCode.INCOMPLETE_BODY)
                .with("NumberBytesExpected", String.valueOf(decodedLength))
                .with("NumberBytesProvided", String.valueOf(given));
    }

    private static S3Exception malformedChunk() {
        return new S3Exception(S3ErrorCode.INVALID_REQUEST, "The body is not well-formed aws-chunked content");
    }
}
