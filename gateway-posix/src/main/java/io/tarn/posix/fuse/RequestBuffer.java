package io.tarn.posix.fuse;

import io.tarn.posix.linux.CallState;
import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.MappedMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The memory of one request and its answer.
 *
 * <p>A request is read so that bytes to be written begin at a page, and an answer is laid so that bytes that were read do: behind its
 * header, so that one write(2) sends both and nothing is copied within the process. An answer lies over its request, of which by then
 * everything has been taken out.
 *
 * <p>A request that was taken off the kernel's queue is lost to a successor when the kernel cannot copy it, because this process is killed in that
 * moment and a page is not there: its caller gets {@code EIO}. So the front is resident from the start, as far as most requests reach.
 *
 * <p>Used by one thread at a time; 1 MiB of address space, resident as far as it was touched, {@value #RESIDENT_BYTES} bytes at least.
 */
final class RequestBuffer {
    /** Most bytes of a READ or WRITE. */
    static final int TRANSFER_BYTES = 1 << 20;

    /** Begins every answer (struct fuse_out_header). */
    static final int ANSWER_HEADER_BYTES = 16;

    private static final int PAGE_BYTES = 4096;
    private static final int BODY_AT = PAGE_BYTES;

    /** The header, and a write(2) of 128 KiB, which is what a program's buffer and the kernel's write-back come to mostly. */
    static final int RESIDENT_BYTES = BODY_AT + (128 << 10);

    private static final int ANSWER_AT = BODY_AT - ANSWER_HEADER_BYTES;
    private static final int REQUEST_AT = BODY_AT - RequestHeader.BYTES - OperationReader.WRITE_ARGUMENT_BYTES;

    private final MappedMemory memory = new MappedMemory(BODY_AT + TRANSFER_BYTES);
    private final ByteBuffer body =
            memory.segment().asSlice(BODY_AT, TRANSFER_BYTES).asByteBuffer();
    private final CallState state = new CallState();
    private final InFlight inFlight = new InFlight();

    RequestBuffer() {
        memory.keepResident(RESIDENT_BYTES);
    }

    /** The memory itself. */
    MappedMemory memory() {
        return memory;
    }

    /** Waits for a request: its length, or a negative error number. */
    long receive(final Descriptor device) {
        return device.read(state, segment().address() + REQUEST_AT, segment().byteSize() - REQUEST_AT);
    }

    RequestHeader header(final long received) throws MalformedRequestException {
        return RequestHeader.read(segment(), REQUEST_AT, received);
    }

    Arguments arguments(final RequestHeader header) {
        return new Arguments(segment(), REQUEST_AT + RequestHeader.BYTES, header.argumentBytes());
    }

    /** The first {@code bytes} of what is to be written, or of where to read to; the same object each time. */
    ByteBuffer body(final int bytes) {
        return body.clear().limit(bytes);
    }

    /** Where the body of an answer goes, as {@link #bodyAt} counts. */
    MemorySegment segment() {
        return memory.segment();
    }

    static int bodyAt() {
        return BODY_AT;
    }

    /** Sends the answer whose body was laid here; 0 or a negative error number. */
    long answer(final Descriptor device, final long unique, final int error, final int bodyBytes) {
        final int length = ANSWER_HEADER_BYTES + bodyBytes;
        Answers.header(segment(), ANSWER_AT, length, -error, unique);
        final long written = device.write(state, segment().address() + ANSWER_AT, length);
        return Math.min(written, 0);
    }

    /** Who works on the request. */
    InFlight inFlight() {
        return inFlight;
    }

    void free() {
        memory.close();
    }
}
