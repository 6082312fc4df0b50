package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session whose kernel is this test, at the other end of a socket: what no kernel would say can be said. */
@Timeout(60)
final class SessionOnSocketTest {
    private static final SessionParameters PARAMETERS =
            new SessionParameters(Negotiation.MINOR, InitFlags.ALWAYS, RequestBuffer.TRANSFER_BYTES);

    private final RequestBuffers buffers = new RequestBuffers(16);
    private UnixSocket kernel;
    private FuseSession session;

    @BeforeEach
    void connect() throws Exception {
        final UnixSocket.Pair pair = UnixSocket.pair();
        kernel = pair.first();
        session = FuseSession.resume(
                pair.second().descriptor(),
                new MemoryFileSystem(0),
                SessionOptions.named("socket"),
                buffers,
                PARAMETERS);
        // the first a successor says
        final ByteBuffer resend = receive();
        assertThat(resend.getInt(4)).isEqualTo(Notice.RESEND);
    }

    @AfterEach
    void disconnect() {
        kernel.close();
        session.close();
        buffers.close();
    }

    private ByteBuffer receive() throws LinuxException {
        return ByteBuffer.wrap(kernel.receive().orElseThrow().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void send(final int opcode, final long unique, final ByteImage arguments) throws LinuxException {
        final byte[] body = arguments.toBytes();
        final byte[] header = new ByteImage()
                .u32(RequestHeader.BYTES + body.length)
                .u32(opcode)
                .u64(unique)
                .u64(1)
                .zeros(16)
                .toBytes();
        final byte[] request = ByteBuffer.allocate(header.length + body.length)
                .put(header)
                .put(body)
                .array();
        kernel.send(request, List.of());
    }

    private void assertAnswered(final long unique, final int error, final int length) throws LinuxException {
        final ByteBuffer answer = receive();
        assertThat(List.of((long) answer.getInt(0), (long) answer.getInt(4), answer.getLong(8)))
                .isEqualTo(List.of((long) length, (long) -error, unique));
        assertThat(answer.capacity()).isEqualTo(length);
    }

    @Test
    void requestsAreAnsweredByTheirNumberBitForBit() throws Exception {
        send(3, RequestHeader.RESENT | 6, new ByteImage().zeros(16));
        assertAnswered(RequestHeader.RESENT | 6, 0, 16 + 104);
        send(1, 8, new ByteImage().name("missing"));
        assertAnswered(8, 2, 16);
        send(999, 10, new ByteImage());
        assertAnswered(10, 38, 16);
        send(2, 12, new ByteImage().u64(1));
        send(38, 14, new ByteImage());
        assertAnswered(14, 0, 16);
    }

    @Test
    void anInterruptOfWhatIsNotKnownIsToBeAskedAgain() throws Exception {
        send(36, 7, new ByteImage().u64(6));
        assertAnswered(7, 11, 16);
    }

    @Test
    void nonsenseEndsTheSessionAndItsConnection() throws Exception {
        kernel.send(new byte[] {1, 2, 3}, List.of());
        assertFailed("a request of 3 bytes");
    }

    @Test
    void aStructureCutOffEndsTheSession() throws Exception {
        send(15, 2, new ByteImage().u64(1));
        assertFailed("wanted of arguments of 8 bytes");
    }

    @Test
    void aSecondInitEndsTheSession() throws Exception {
        send(26, 2, new ByteImage().u32(7).u32(45).zeros(56));
        assertFailed("a second INIT");
    }

    private void assertFailed(final String message) throws Exception {
        assertThat(session.await()).isInstanceOfSatisfying(SessionEnd.Failed.class, failed -> assertThat(failed.cause())
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContaining(message));
        assertThat(kernel.receive()).as("closed by the session itself").isEmpty();
        assertThatThrownBy(() -> kernel.send(new byte[] {1}, List.of())).isInstanceOf(LinuxException.class);
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        session.pause(java.time.Duration.ofSeconds(1));
        session.close();
        assertThat(kernel.receive()).isEmpty();
        try (Stream<Thread> threads = Thread.getAllStackTraces().keySet().stream()) {
            assertThat(threads.map(Thread::getName)).noneMatch(name -> name.startsWith("fuse-socket"));
        }
    }
}
