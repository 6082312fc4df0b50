package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.Key;
import io.tarn.posix.fs.AttributeAnswer;
import io.tarn.posix.fs.Attributes;
import io.tarn.posix.fs.Entry;
import io.tarn.posix.fs.FileSystemStatistics;
import io.tarn.posix.fs.LockWish;
import io.tarn.posix.fs.Opened;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Each structure of an answer against its image, laid by hand from fuse.h. */
final class AnswersTest {
    private static final Attributes ATTRIBUTES =
            new Attributes(2, 0x81a4, 3, 4, 5, 6, 7, 8, 9_000_000_010L, -1, 11_000_000_012L);

    private final MemorySegment memory = Arena.ofAuto().allocate(1024).fill((byte) 0xff);

    private void assertLaid(final int length, final ByteImage image) {
        assertThat(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(image.toBytes());
    }

    private static ByteImage attributes(final ByteImage image) {
        return image.u64(2)
                .u64(7)
                .u64(8)
                .u64(9)
                .u64(-1)
                .u64(11)
                .u32(10)
                .u32(999_999_999)
                .u32(12)
                .u32(0x81a4)
                .u32(3)
                .u32(4)
                .u32(5)
                .u32(6)
                .u32(4096)
                .u32(0);
    }

    private static ByteImage entry(final ByteImage image) {
        return attributes(image.u64(2).u64(0).u64(1).u64(2).u32(500_000_000).u32(1_000_000));
    }

    @Test
    void headers() {
        Answers.header(memory, 0, 16, -2, RequestHeader.RESENT | 4);
        assertLaid(16, new ByteImage().u32(16).u32(-2).u64(Long.MIN_VALUE + 4));
    }

    @Test
    void entriesAndAttributes() {
        assertLaid(Answers.entry(memory, 0, new Entry(ATTRIBUTES, 1_500, 2_001)), entry(new ByteImage()));
        assertLaid(
                Answers.attributes(memory, 0, new AttributeAnswer(ATTRIBUTES, 2_001)),
                attributes(new ByteImage().u64(2).u32(1_000_000).u32(0)));
        assertLaid(
                Answers.noEntry(memory, 0, 1_500),
                new ByteImage().u64(0).u64(0).u64(1).u64(0).u32(500_000_000).zeros(92));
    }

    @Test
    void openedFilesAndDirectories() {
        assertLaid(
                Answers.opened(memory, 0, new Opened(5, true, false)),
                new ByteImage().u64(5).u32(2).u32(0));
        assertLaid(
                Answers.opened(memory, 0, new Opened(5, false, true)),
                new ByteImage().u64(5).u32(1 | 64).u32(0));
        assertLaid(
                Answers.openedDirectory(memory, 0, new Opened(5, true, false)),
                new ByteImage().u64(5).u32(8 | 2).u32(0));
    }

    @Test
    void countsNumbersLocksAndStatistics() {
        assertLaid(Answers.count(memory, 0, 5), new ByteImage().u32(5).u32(0));
        assertLaid(Answers.number(memory, 0, 5), new ByteImage().u64(5));
        assertLaid(
                Answers.lock(memory, 0, new LockWish(9, LockWish.Kind.EXCLUSIVE, false, 1, 2, 3)),
                new ByteImage().u64(1).u64(2).u32(1).u32(3));
        assertLaid(
                Answers.statistics(memory, 0, new FileSystemStatistics(1, 2, 3, 4, 255)),
                new ByteImage()
                        .u64(1)
                        .u64(2)
                        .u64(2)
                        .u64(3)
                        .u64(4)
                        .u32(4096)
                        .u32(255)
                        .u32(4096)
                        .zeros(28));
    }

    @Test
    void entriesOfDirectories() {
        final var plain = new DirectoryPacker(memory, 0, 64, false);
        final var some = new Entry(ATTRIBUTES, 1_500, 2_001);
        assertThat(plain.add(Key.of("abc"), some, 4)).isTrue();
        assertThat(plain.add(Key.of("12345678"), some, 5)).isTrue();
        assertThat(plain.add(Key.of("no room"), some, 6)).isFalse();
        assertLaid(
                plain.used(),
                new ByteImage()
                        .u64(2)
                        .u64(4)
                        .u32(3)
                        .u32(8)
                        .text("abc")
                        .zeros(5)
                        .u64(2)
                        .u64(5)
                        .u32(8)
                        .u32(8)
                        .text("12345678"));

        final var plus = new DirectoryPacker(memory, 0, 1024, true);
        plus.add(Key.of(".."), some, 2);
        plus.add(Key.of("a"), some, 3);
        assertLaid(
                plus.used(),
                entry(new ByteImage()
                                .zeros(128)
                                .u64(2)
                                .u64(2)
                                .u32(2)
                                .u32(8)
                                .text("..")
                                .zeros(6))
                        .u64(2)
                        .u64(3)
                        .u32(1)
                        .u32(8)
                        .text("a")
                        .zeros(7));
    }

    @Test
    void notices() {
        final Key name = Key.of("ab");
        assertLaid(
                Notice.lay(new Notice.Inode(5, 6, 7), memory),
                new ByteImage().u32(40).u32(2).u64(0).u64(5).u64(6).u64(7));
        assertLaid(
                Notice.lay(new Notice.Entry(5, name), memory),
                new ByteImage().u32(35).u32(3).u64(0).u64(5).u32(2).u32(0).name("ab"));
        assertLaid(
                Notice.lay(new Notice.Deleted(5, name, 6), memory),
                new ByteImage()
                        .u32(43)
                        .u32(6)
                        .u64(0)
                        .u64(5)
                        .u64(6)
                        .u32(2)
                        .u32(0)
                        .name("ab"));
        assertLaid(
                Notice.lay(new Notice.Resend(), memory),
                new ByteImage().u32(16).u32(7).u64(0));
    }

    @Test
    void theConnection() throws Exception {
        final var kernel = new Operation.Initialize(7, 99, 131_072, -1);
        final SessionOptions options = SessionOptions.named("x");
        final SessionParameters agreed = Negotiation.agree(kernel, options);
        assertThat(agreed).isEqualTo(new SessionParameters(45, InitFlags.ALWAYS, 1 << 20));
        assertThat(SessionParameters.parse(agreed.toText())).isEqualTo(agreed);
        assertLaid(
                Negotiation.answer(memory, 0, kernel, agreed, options),
                new ByteImage()
                        .u32(7)
                        .u32(45)
                        .u32(131_072)
                        .u32((int) InitFlags.ALWAYS)
                        .u16(64)
                        .u16(48)
                        .u32(1 << 20)
                        .u32(1)
                        .u16(256)
                        .u16(0)
                        .u32(0x90)
                        .zeros(28));
        assertThat(Negotiation.agree(kernel, options.withWritebackCache(true)).flags() & InitFlags.WRITEBACK_CACHE)
                .isNotZero();
        assertThat(Negotiation.agree(new Operation.Initialize(7, 31, 0, 1), options))
                .isEqualTo(new SessionParameters(31, 1, 1 << 20));
        assertThatThrownBy(() -> Negotiation.agree(new Operation.Initialize(7, 30, 0, 1), options))
                .hasMessageContaining("7.31");
        assertThatThrownBy(() -> SessionParameters.parse("fuse 7.30 flags 0 transfer 4096"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionParameters.parse("else")).isInstanceOf(IllegalArgumentException.class);
    }
}
