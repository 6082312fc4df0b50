package io.tarn.posix.fs;

import static io.tarn.posix.fs.TestMount.READ;
import static io.tarn.posix.fs.TestMount.READ_WRITE;
import static io.tarn.posix.fs.TestMount.WRITE;
import static io.tarn.posix.fs.TestMount.key;
import static io.tarn.posix.fs.TestMount.refuses;
import static io.tarn.posix.fs.TestMount.size;
import static io.tarn.posix.fs.TestMount.times;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.posix.fs.TestMount.Descriptor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files and names on one mount. */
class VolumeFileSystemTest extends OneMount {
    private static final int S_IFMT = 0170000;

    @Test
    void theRootIsOneToAndFro() {
        assertThat(mount.stat("/").inode()).isEqualTo(FileSystem.ROOT);
        mount.mkdir("/d");
        assertThat(mount.files
                        .lookup(mount.caller, mount.inode("/d"), key(".."))
                        .attributes()
                        .inode())
                .isEqualTo(FileSystem.ROOT);
        assertThat(mount.files
                        .lookup(mount.caller, FileSystem.ROOT, key(".."))
                        .attributes()
                        .inode())
                .isEqualTo(FileSystem.ROOT);
        assertThat(mount.stat("/").links()).isEqualTo(3);
    }

    @Test
    void whatIsWrittenIsReadHereAndThroughS3() {
        final Descriptor file = mount.create("/f");
        file.write(0, "hello");
        assertThat(file.text()).isEqualTo("hello");
        assertThat(file.size()).isEqualTo(5);
        file.write(5, " world");
        file.close();
        assertThat(cluster.get(volumeId, "f")).isEqualTo("hello world");
        assertThat(mount.read("/f")).isEqualTo("hello world");
        cluster.put(volumeId, "sub/g", "from s3");
        assertThat(mount.read("/sub/g")).isEqualTo("from s3");
    }

    @Test
    void timesAskedForWhileAFileIsWrittenAreThoseItKeeps() {
        final Descriptor file = mount.create("/f");
        file.write(0, "x");
        final Attributes open = mount.stat("/f");
        file.close();
        assertThat(mount.stat("/f")).isEqualTo(open);
        final Descriptor again = mount.open("/f", WRITE);
        again.write(0, "y");
        mount.set("/f", times(new AttributeWish.At(1_000), new AttributeWish.At(2_000_000_001)));
        again.close();
        assertThat(mount.stat("/f").modifiedNanos()).isEqualTo(2_000_000_001);
        assertThat(mount.stat("/f").accessedNanos()).isEqualTo(1_000);
    }

    @Test
    void openFlags() {
        mount.write("/f", "content");
        refuses(Errno.EEXIST, () -> mount.create("/f"));
        final Descriptor existing = mount.create("/f", 0600, READ_WRITE);
        assertThat(existing.text()).isEqualTo("content");
        existing.close();
        mount.create("/f", 0600, WRITE | OpenFlags.TRUNCATE).close();
        assertThat(mount.stat("/f").size()).isZero();
        final Descriptor reader = mount.open("/f", READ);
        refuses(Errno.EBADF, () -> reader.write(0, "x"));
        reader.close();
        final Descriptor appender = mount.open("/f", WRITE | OpenFlags.APPEND);
        assertThat(appender.opened().directIo()).isTrue();
        appender.write(0, "one");
        appender.write(0, "two");
        appender.close();
        assertThat(mount.read("/f")).isEqualTo("onetwo");
        refuses(Errno.EISDIR, () -> mount.files.open(mount.caller, FileSystem.ROOT, READ));
    }

    @Test
    void pagesAreKeptWhileTheBytesStay() {
        mount.write("/f", "content");
        final Descriptor first = mount.open("/f", READ);
        first.close();
        final Descriptor second = mount.open("/f", READ);
        assertThat(second.opened().keepCache()).isTrue();
        second.close();
        cluster.put(volumeId, "f", "other");
        final Descriptor third = mount.open("/f", READ);
        assertThat(third.text()).isEqualTo("other");
        third.close();
    }

    @Test
    void aHandleOfAnEarlierProcessGoesOn() {
        final Descriptor file = mount.create("/f");
        file.write(0, "one");
        file.sync();
        final TestMount successor = cluster.mount(volume);
        final Descriptor same = new Descriptor(successor, file.inode(), file.opened());
        assertThat(same.text()).isEqualTo("one");
        same.write(3, "two");
        same.close();
        file.close();
        assertThat(mount.read("/f")).isEqualTo("onetwo");
        successor.files.close();
    }

    @Test
    void anUnlinkedFileLivesWhileItIsOpen() {
        final Descriptor file = mount.create("/f");
        file.write(0, "still");
        mount.unlink("/f");
        assertThat(mount.exists("/f")).isFalse();
        assertThat(file.text()).isEqualTo("still");
        assertThat(mount.files
                        .attributes(mount.caller, file.inode())
                        .attributes()
                        .links())
                .isZero();
        // As /proc/self/fd does.
        final Descriptor again =
                new Descriptor(mount, file.inode(), mount.files.open(mount.caller, file.inode(), READ));
        assertThat(again.text()).isEqualTo("still");
        again.close();
        file.close();
        refuses(Errno.ESTALE, () -> mount.files.attributes(mount.caller, file.inode()));
    }

    @Test
    void namesAndTheirLimits() {
        refuses(Errno.ENAMETOOLONG, () -> mount.create("/" + "n".repeat(256)));
        refuses(Errno.ENAMETOOLONG, () -> mount.at("/" + "n".repeat(256)));
        mount.create("/" + "n".repeat(255)).close();
        refuses(Errno.ENOENT, () -> mount.at("/none"));
        refuses(Errno.ENAMETOOLONG, () -> mount.symlink("t".repeat(4096), "/l"));
        mount.symlink("t".repeat(4095), "/l");
        assertThat(mount.files.readLink(mount.caller, mount.inode("/l")).length())
                .isEqualTo(4095);
        assertThat(mount.stat("/l").size()).isEqualTo(4095);
        refuses(Errno.ENOTDIR, () -> mount.at("/l/x"));
    }

    @Test
    void linksAndRenames() {
        mount.write("/a", "a");
        assertThat(mount.link("/a", "/b").attributes().links()).isEqualTo(2);
        assertThat(mount.stat("/a").links()).isEqualTo(2);
        mount.rename("/a", "/b");
        assertThat(mount.list("/")).containsExactly("a", "b");
        mount.mkdir("/d");
        refuses(Errno.EPERM, () -> mount.link("/d", "/e"));
        refuses(Errno.EEXIST, () -> mount.link("/a", "/b"));
        refuses(Errno.EEXIST, () -> mount.rename("/a", "/b", OpenFlags.RENAME_NO_REPLACE));
        refuses(Errno.EINVAL, () -> mount.rename("/a", "/b", 4));
        refuses(Errno.EISDIR, () -> mount.rename("/a", "/d"));
        refuses(Errno.ENOTDIR, () -> mount.rename("/d", "/a"));
        mount.mkdir("/d/e");
        refuses(Errno.EINVAL, () -> mount.rename("/d", "/d/e/f"));
        refuses(Errno.ENOTEMPTY, () -> mount.rmdir("/d"));
        refuses(Errno.EISDIR, () -> mount.unlink("/d"));
        refuses(Errno.ENOTDIR, () -> mount.rmdir("/a"));
        mount.write("/c", "c");
        mount.rename("/c", "/a", OpenFlags.RENAME_EXCHANGE);
        assertThat(mount.read("/a")).isEqualTo("c");
        assertThat(mount.read("/c")).isEqualTo("a");
        mount.rename("/a", "/b");
        assertThat(mount.stat("/c").links()).isEqualTo(1);
        assertThat(mount.list("/")).containsExactly("b", "c", "d");
    }

    @Test
    void specialFiles() {
        mount.files.makeNode(mount.caller, FileSystem.ROOT, key("fifo"), 0010644, 0);
        mount.files.makeNode(mount.caller, FileSystem.ROOT, key("dev"), 0060600, 0x1234);
        mount.files.makeNode(mount.caller, FileSystem.ROOT, key("sock"), 0140755, 0);
        assertThat(mount.stat("/fifo").mode()).isEqualTo(0010644);
        assertThat(mount.stat("/dev").device()).isEqualTo(0x1234);
        assertThat(mount.stat("/sock").mode() & S_IFMT).isEqualTo(0140000);
    }

    @Test
    void holesAndSpace() {
        final Descriptor file = mount.create("/f");
        file.write(0, new byte[] {1, 1, 1, 1});
        mount.files.allocate(mount.caller, file.inode(), file.handle(), 0, 0, 8192);
        assertThat(file.size()).isEqualTo(8192);
        mount.files.allocate(mount.caller, file.inode(), file.handle(), 1, 0, 99_999);
        assertThat(file.size()).isEqualTo(8192);
        mount.files.allocate(mount.caller, file.inode(), file.handle(), 3, 1, 2);
        assertThat(file.read(0, 4)).containsExactly(1, 0, 0, 1);
        assertThat(mount.files.seek(file.inode(), file.handle(), 1, OpenFlags.SEEK_DATA))
                .isEqualTo(3);
        assertThat(mount.files.seek(file.inode(), file.handle(), 3, OpenFlags.SEEK_HOLE))
                .isEqualTo(4);
        refuses(Errno.ENXIO, () -> mount.files.seek(file.inode(), file.handle(), 4, OpenFlags.SEEK_DATA));
        refuses(Errno.ENXIO, () -> mount.files.seek(file.inode(), file.handle(), 8192, OpenFlags.SEEK_HOLE));
        refuses(Errno.EOPNOTSUPP, () -> mount.files.allocate(mount.caller, file.inode(), file.handle(), 8, 0, 4096));
        refuses(Errno.EFBIG, () -> file.write(16L << 40, "x"));
        final Descriptor copy = mount.create("/g");
        assertThat(mount.files.copyRange(
                        mount.caller, file.inode(), file.handle(), 0, copy.inode(), copy.handle(), 2, 1 << 20))
                .isEqualTo(8192);
        assertThat(copy.read(0, 6)).containsExactly(0, 0, 1, 0, 0, 1);
        file.close();
        copy.close();
        mount.set("/g", size(3));
        assertThat(mount.stat("/g").size()).isEqualTo(3);
        refuses(Errno.EISDIR, () -> mount.set("/", size(3)));
    }

    @Test
    void largeFilesAreReadInOrderInStepsAndAtRandom() {
        final byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        final Descriptor file = mount.create("/f");
        for (int at = 0; at < bytes.length; at += 100_000) {
            file.write(at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 100_000)));
        }
        file.close();
        final Descriptor ordered = mount.open("/f", READ);
        for (int at = 0; at < bytes.length + 1000; at += 65_536) {
            assertThat(ordered.read(at, 65_536))
                    .isEqualTo(
                            Arrays.copyOfRange(bytes, Math.min(at, bytes.length), Math.min(bytes.length, at + 65_536)));
        }
        final Descriptor stepping = mount.open("/f", READ);
        for (int at = 2_900_000; at > 0; at -= 150_000) {
            assertThat(stepping.read(at, 10_000)).isEqualTo(Arrays.copyOfRange(bytes, at, at + 10_000));
        }
        final Random random = new Random(2);
        for (int i = 0; i < 100; i++) {
            final int at = random.nextInt(bytes.length - 5000);
            assertThat(stepping.read(at, 5000)).isEqualTo(Arrays.copyOfRange(bytes, at, at + 5000));
        }
        final Descriptor writer = mount.open("/f", WRITE);
        writer.write(70_000, new byte[10]);
        Arrays.fill(bytes, 70_000, 70_010, (byte) 0);
        assertThat(ordered.read(65_536, 65_536)).isEqualTo(Arrays.copyOfRange(bytes, 65_536, 131_072));
        writer.close();
        assertThat(ordered.read(65_536, 65_536)).isEqualTo(Arrays.copyOfRange(bytes, 65_536, 131_072));
        ordered.close();
        stepping.close();
    }

    @Test
    void aDirectoryOfAVolumeIsMounted() {
        mount.mkdir("/d");
        mount.mkdir("/d/e");
        final TestMount inner = cluster.mount(volume + "/d");
        inner.write("/f", "x");
        assertThat(inner.list("/")).containsExactly("e", "f");
        assertThat(inner.stat("/").inode()).isEqualTo(FileSystem.ROOT);
        assertThat(inner.files
                        .lookup(inner.caller, inner.inode("/e"), key(".."))
                        .attributes()
                        .inode())
                .isEqualTo(FileSystem.ROOT);
        assertThat(mount.read("/d/f")).isEqualTo("x");
    }

    @Test
    void theQuotaIsTheSizeAndEndsWrites() {
        cluster.volume("quota", new Quota(1 << 20, 100), Versioning.OFF);
        final TestMount small = cluster.mount("quota");
        assertThat(small.files.statistics(1).blocks()).isEqualTo(256);
        assertThat(small.files.statistics(1).files()).isEqualTo(100);
        final Descriptor file = small.create("/f");
        file.write(0, new byte[600_000]);
        file.sync();
        final Descriptor second = small.open("/f", WRITE);
        refuses(Errno.EDQUOT, () -> {
            file.write(600_000, new byte[600_000]);
            file.sync();
        });
        refuses(Errno.EDQUOT, second::close);
        file.close();
        assertThat(small.stat("/f").size()).isEqualTo(600_000);
        for (int i = 0; i < 99; i++) {
            small.create("/x" + i).close();
        }
        refuses(Errno.EDQUOT, () -> small.create("/one-too-many"));
        assertThat(small.files.statistics(1).filesFree()).isZero();
    }

    @Test
    void openFilesAreBounded() {
        final TestMount bounded = cluster.mount(volume, MountOptions.parse("open-files=2"));
        final Descriptor one = bounded.create("/a");
        final Descriptor two = bounded.open("/a", READ);
        refuses(Errno.ENFILE, () -> bounded.open("/a", READ));
        refuses(Errno.ENFILE, () -> bounded.create("/b"));
        one.close();
        bounded.open("/a", READ).close();
        two.close();
    }

    @Test
    void namesThatOnlyS3CanSay() {
        for (final String name : List.of("a", "a/b", "a//c", ".", "n".repeat(300))) {
            cluster.put(volumeId, name, name);
        }
        final List<String> names = mount.list("/");
        assertThat(names).hasSize(4).contains("a", "%tarn+a", "%tarn-.");
        for (final String name : names) {
            final Entry entry = mount.at("/" + name);
            assertThat(entry.entryMillis() > 0).isEqualTo(name.equals("a"));
        }
        assertThat(mount.read("/%tarn+a")).isEqualTo("a");
        assertThat(mount.read("/a/%tarn-/c")).isEqualTo("a//c");
        mount.rename("/%tarn+a", "/plain");
        assertThat(cluster.get(volumeId, "plain")).isEqualTo("a");
        mount.write("/a/%tarn-/d", "made here");
        assertThat(cluster.get(volumeId, "a//d")).isEqualTo("made here");
        refuses(Errno.EINVAL, () -> mount.create("/%tarn?"));
    }

    @Test
    void aVersionedVolumeKeepsWhatAProgramOverwrites() {
        final long id = cluster.volume("versioned", Quota.NONE, Versioning.ENABLED);
        final TestMount versioned = cluster.mount("versioned");
        cluster.put(id, "f", "first");
        cluster.put(id, "f", "second");
        assertThat(versioned.read("/f")).isEqualTo("second");
        versioned.unlink("/f");
        assertThat(versioned.exists("/f")).isFalse();
        versioned.write("/g", "x");
        refuses(Errno.EPERM, () -> versioned.link("/g", "/h"));
    }
}
