package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.Key;
import io.tarn.posix.fs.AttributeWish;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.LockWish;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Each structure of a request, laid by hand from fuse.h, and what is read from it. */
final class OperationReaderTest {
    private static final OperationReader READER = new OperationReader(InitFlags.SETXATTR_EXT);
    private static final Key A = Key.of("a");
    private static final Key BB = Key.of("bb");

    private static Operation read(final int opcode, final ByteImage image) throws MalformedRequestException {
        return read(READER, opcode, image);
    }

    private static Operation read(final OperationReader reader, final int opcode, final ByteImage image)
            throws MalformedRequestException {
        final int length = image.toBytes().length;
        final var header = new RequestHeader(RequestHeader.BYTES + length, opcode, 9, 77, 1, 2, 3, 0);
        return reader.read(header, new Arguments(image.toSegment(), 0, length));
    }

    private static ByteImage image() {
        return new ByteImage();
    }

    @Test
    void headers() throws Exception {
        final var image = image().u32(56)
                .u32(1)
                .u64(5)
                .u64(6)
                .u32(7)
                .u32(8)
                .u32(9)
                .u16(1)
                .u16(0)
                .zeros(16);
        final RequestHeader header = RequestHeader.read(image.toSegment(), 0, 56);
        assertThat(header).isEqualTo(new RequestHeader(56, 1, 5, 6, 7, 8, 9, 8));
        assertThat(header.argumentBytes()).isEqualTo(8);
        assertThatThrownBy(() -> RequestHeader.read(image.toSegment(), 0, 48)).hasMessageContaining("says 56");
        assertThatThrownBy(() -> RequestHeader.read(image.toSegment(), 0, 39)).hasMessageContaining("39 bytes");
    }

    @Test
    void names() throws Exception {
        assertThat(read(1, image().name("a"))).isEqualTo(new Operation.Lookup(A));
        assertThat(read(10, image().name("a"))).isEqualTo(new Operation.Unlink(A));
        assertThat(read(11, image().name("a"))).isEqualTo(new Operation.RemoveDirectory(A));
        assertThat(read(5, image())).isEqualTo(new Operation.ReadLink());
        assertThat(read(6, image().name("a").name("bb"))).isEqualTo(new Operation.MakeSymlink(A, BB));
        assertThat(read(8, image().u32(0x81a4).u32(5).u32(18).u32(0).name("a")))
                .isEqualTo(new Operation.MakeNode(A, 0x81a4, 5, 18));
        assertThat(read(9, image().u32(0x1ed).u32(18).name("a"))).isEqualTo(new Operation.MakeDirectory(A, 0x1ed, 18));
        assertThat(read(12, image().u64(4).name("a").name("bb"))).isEqualTo(new Operation.Rename(A, 4, BB, 0));
        assertThat(read(45, image().u64(4).u32(2).u32(0).name("a").name("bb")))
                .isEqualTo(new Operation.Rename(A, 4, BB, 2));
        assertThat(read(13, image().u64(4).name("a"))).isEqualTo(new Operation.Link(4, A));
        assertThat(read(35, image().u32(66).u32(0x1a4).u32(18).u32(1).name("a")))
                .isEqualTo(new Operation.Create(A, 66, 0x1a4, 18, true));
        assertThatThrownBy(() -> read(1, image().text("endless"))).isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void forgets() throws Exception {
        assertThat(read(2, image().u64(3))).isInstanceOfSatisfying(Operation.Forget.class, forget -> {
            assertThat(forget.inodes()).containsExactly(77);
            assertThat(forget.lookups()).containsExactly(3);
        });
        assertThat(read(42, image().u32(2).u32(0).u64(5).u64(1).u64(6).u64(2)))
                .isInstanceOfSatisfying(Operation.Forget.class, forget -> {
                    assertThat(forget.inodes()).containsExactly(5, 6);
                    assertThat(forget.lookups()).containsExactly(1, 2);
                });
        assertThatThrownBy(() -> read(42, image().u32(-1).u32(0))).isInstanceOf(MalformedRequestException.class);
        assertThatThrownBy(() -> read(42, image().u32(2).u32(0).u64(5).u64(1)))
                .isInstanceOf(MalformedRequestException.class);
    }

    private static ByteImage setattr(final int valid) {
        return image().u32(valid)
                .u32(0)
                .u64(11)
                .u64(4096)
                .u64(12)
                .u64(100)
                .u64(-2)
                .u64(300)
                .u32(7)
                .u32(8)
                .u32(9)
                .u32(0x8124)
                .u32(0)
                .u32(13)
                .u32(14)
                .u32(0);
    }

    @Test
    void attributes() throws Exception {
        assertThat(read(3, image().u32(0).u32(0).u64(0))).isEqualTo(new Operation.GetAttributes());
        assertThat(read(4, setattr(0b0111_1111)))
                .isEqualTo(new Operation.SetAttributes(new AttributeWish(
                        OptionalInt.of(0x124),
                        OptionalInt.of(13),
                        OptionalInt.of(14),
                        OptionalLong.of(4096),
                        new AttributeWish.At(100_000_000_007L),
                        new AttributeWish.At(-1_999_999_992L),
                        false,
                        OptionalLong.of(11))));
    }

    @Test
    void attributesNowAndNot() throws Exception {
        assertThat(read(4, setattr(1 << 4 | 1 << 7 | 1 << 11)))
                .isEqualTo(new Operation.SetAttributes(new AttributeWish(
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        new AttributeWish.Now(),
                        new AttributeWish.Omit(),
                        true,
                        OptionalLong.empty())));
        assertThat(KernelTime.nanos(Long.MAX_VALUE, 5)).isPositive();
        assertThat(KernelTime.nanos(Long.MIN_VALUE, 5)).isNegative();
    }

    @Test
    void files() throws Exception {
        assertThat(read(14, image().u32(2).u32(1))).isEqualTo(new Operation.Open(2, true));
        assertThat(read(15, image().u64(1).u64(2).u32(3).u32(0).u64(0).u32(0).u32(0)))
                .isEqualTo(new Operation.Read(1, 2, 3));
        assertThat(read(
                        16,
                        image().u64(1).u64(2).u32(4).u32(4).u64(0).u32(0).u32(0).text("data")))
                .isEqualTo(new Operation.Write(1, 2, 4, true));
        assertThatThrownBy(() -> read(
                        16,
                        image().u64(1).u64(2).u32(5).u32(0).u64(0).u32(0).u32(0).text("data")))
                .isInstanceOf(MalformedRequestException.class);
        assertThat(read(25, image().u64(1).u32(0).u32(0).u64(9))).isEqualTo(new Operation.Flush(1, 9));
        assertThat(read(18, image().u64(1).u32(0).u32(2).u64(9))).isEqualTo(new Operation.Release(1, 9));
        assertThat(read(18, image().u64(1).u32(0).u32(0).u64(9))).isEqualTo(new Operation.Release(1, 0));
        assertThat(read(20, image().u64(1).u32(1).u32(0))).isEqualTo(new Operation.Sync(1, true));
        assertThat(read(43, image().u64(1).u64(2).u64(3).u32(4).u32(0))).isEqualTo(new Operation.Allocate(1, 4, 2, 3));
        assertThat(read(46, image().u64(1).u64(2).u32(3).u32(0))).isEqualTo(new Operation.Seek(1, 2, 3));
        final var copy = image().u64(1).u64(2).u64(3).u64(4).u64(5).u64(6).u64(0);
        assertThat(read(47, copy)).isEqualTo(new Operation.CopyRange(1, 2, 3, 4, 5, 6, 0, false));
        assertThat(read(53, copy)).isEqualTo(new Operation.CopyRange(1, 2, 3, 4, 5, 6, 0, true));
    }

    @Test
    void filesOpenedWhereTheKernelGathersWrites() throws Exception {
        final var writeback = new OperationReader(InitFlags.WRITEBACK_CACHE);
        assertThat(read(writeback, 14, image().u32(1 | 0x400 | 0x8000).u32(0)))
                .isEqualTo(new Operation.Open(2 | 0x8000, false));
        assertThat(read(writeback, 14, image().u32(0).u32(0))).isEqualTo(new Operation.Open(0, false));
        assertThat(read(14, image().u32(1 | 0x400).u32(0))).isEqualTo(new Operation.Open(1 | 0x400, false));
    }

    @Test
    void directories() throws Exception {
        assertThat(read(27, image().u32(0).u32(0))).isEqualTo(new Operation.OpenDirectory());
        final var read = image().u64(1).u64(2).u32(3).u32(0).u64(0).u32(0).u32(0);
        assertThat(read(28, read)).isEqualTo(new Operation.ReadDirectory(1, 2, 3, false));
        assertThat(read(44, read)).isEqualTo(new Operation.ReadDirectory(1, 2, 3, true));
        assertThat(read(29, image().u64(1).u32(0).u32(0).u64(0))).isEqualTo(new Operation.ReleaseDirectory(1));
        assertThat(read(30, image().u64(1).u32(0).u32(0))).isEqualTo(new Operation.SyncDirectory(1));
        assertThat(read(17, image())).isEqualTo(new Operation.Statistics());
    }

    @Test
    void extendedAttributes() throws Exception {
        assertThat(read(22, image().u32(5).u32(0).name("a"))).isEqualTo(new Operation.GetXattr(A, 5));
        assertThat(read(23, image().u32(5).u32(0))).isEqualTo(new Operation.ListXattrs(5));
        assertThat(read(24, image().name("a"))).isEqualTo(new Operation.RemoveXattr(A));
        assertThat(read(21, image().u32(2).u32(1).u32(1).u32(0).name("a").text("xy")))
                .isInstanceOfSatisfying(Operation.SetXattr.class, set -> {
                    assertThat(set.name()).isEqualTo(A);
                    assertThat(set.value()).containsExactly('x', 'y');
                    assertThat(set.flags()).isEqualTo(1);
                    assertThat(set.dropSetgid()).isTrue();
                });
        assertThat(read(
                        new OperationReader(0),
                        21,
                        image().u32(2).u32(1).name("a").text("xy")))
                .isInstanceOfSatisfying(Operation.SetXattr.class, set -> assertThat(set.dropSetgid())
                        .isFalse());
        assertThatThrownBy(() ->
                        read(21, image().u32(3).u32(1).u32(1).u32(0).name("a").text("xy")))
                .isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void locks() throws Exception {
        final var lock =
                image().u64(1).u64(2).u64(3).u64(4).u32(1).u32(5).u32(1).u32(0);
        final var wish = new LockWish(2, LockWish.Kind.EXCLUSIVE, true, 3, 4, 5);
        assertThat(read(31, lock)).isEqualTo(new Operation.TestLock(1, wish));
        assertThat(read(32, lock)).isEqualTo(new Operation.Lock(1, wish, false));
        assertThat(read(33, lock)).isEqualTo(new Operation.Lock(1, wish, true));
        assertThatThrownBy(() -> read(
                        32,
                        image().u64(1).u64(2).u64(3).u64(4).u32(7).u32(5).u32(1).u32(0)))
                .isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void theConnectionItself() throws Exception {
        assertThat(read(
                        26,
                        image().u32(7)
                                .u32(45)
                                .u32(131_072)
                                .u32(0x4000_0001)
                                .u32(0x80)
                                .zeros(44)))
                .isEqualTo(new Operation.Initialize(7, 45, 131_072, 0x80_4000_0001L));
        assertThat(read(26, image().u32(7).u32(31).u32(131_072).u32(1)))
                .isEqualTo(new Operation.Initialize(7, 31, 131_072, 1));
        assertThat(read(36, image().u64(5))).isEqualTo(new Operation.Interrupt(5));
        assertThat(read(38, image())).isEqualTo(new Operation.Destroy());
        assertThat(read(39, image())).isEqualTo(new Operation.Unsupported(Errno.ENOTTY));
        for (final int opcode : new int[] {34, 37, 40, 48, 49, 50, 51, 52, 54, 7, 19, 1_000_000, -1}) {
            assertThat(read(opcode, image())).isEqualTo(new Operation.Unsupported(Errno.ENOSYS));
        }
        assertThatThrownBy(() -> read(41, image())).isInstanceOf(MalformedRequestException.class);
    }
}
