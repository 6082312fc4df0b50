package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever bytes come as a request, it is read or refused as malformed, and nothing outside of it is touched. */
final class MalformedRequestsTest {
    private static final int GUARD_BYTES = 64;

    @Property(tries = 20_000)
    void anyBytesAreReadOrRefused(
            @ForAll @IntRange(min = 0, max = 60) final int opcode,
            @ForAll @Size(max = 200) final byte[] bytes,
            @ForAll final boolean longSetxattr) {
        final var reader = new OperationReader(longSetxattr ? InitFlags.SETXATTR_EXT : 0);
        try (var arena = Arena.ofConfined()) {
            // a segment of exactly these bytes: to reach beyond would be an IndexOutOfBoundsException
            final var memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            final var header = new RequestHeader(RequestHeader.BYTES + bytes.length, opcode, 1, 1, 0, 0, 0, 0);
            assertThat(reader.read(header, new Arguments(memory, 0, bytes.length)))
                    .isNotNull();
        } catch (final MalformedRequestException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }

    @Property
    void anyHeaderIsReadOrRefused(@ForAll @Size(max = 100) final byte[] bytes) {
        try (var arena = Arena.ofConfined()) {
            final var memory = arena.allocate(bytes.length + GUARD_BYTES);
            java.lang.foreign.MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            final RequestHeader header = RequestHeader.read(memory, 0, bytes.length);
            assertThat(header.length()).isEqualTo(bytes.length);
            assertThat(header.argumentBytes()).isNotNegative();
        } catch (final MalformedRequestException refused) {
            assertThat(refused).hasMessageStartingWith("a request of " + bytes.length + " bytes");
        }
    }

    /** A request cut off anywhere before the end of its structure is refused. */
    @Property
    void cutOffStructuresAreRefused(@ForAll @IntRange(min = 0, max = 83) final int length) {
        final var memory = Arena.ofAuto().allocate(length + 1L);
        final var header = new RequestHeader(RequestHeader.BYTES + length, Opcode.SETATTR.number(), 1, 1, 0, 0, 0, 0);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> new OperationReader(0).read(header, new Arguments(memory, 0, length)))
                .isInstanceOf(MalformedRequestException.class);
    }
}
