package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Programs on a real mount of any file system, by any transport; needs root and /dev/fuse. Timeouts of names and attributes are long, so what is stale shows. */
public abstract class ProgramsOnAMount {
    protected static final long HOUR_MILLIS = 3_600_000;

    /** To be mounted before each test, and unmounted after it. */
    protected MountedDirectory mount;

    @Test
    void filesAreMadeReadCopiedMovedLinkedAndRemoved() throws Exception {
        assertThat(mount.shell(
                        "echo one >a; cat a; cp a b; mv b c; ln c d; ln -s d e; cat e; readlink e; stat -c %h d"))
                .isEqualTo("one\none\nd\n2");
        assertThat(mount.shell("mkdir -p x/y; echo two >x/y/z; find . | sort | tr '\\n' ' '; ls -la | wc -l"))
                .isEqualTo(". ./a ./c ./d ./e ./x ./x/y ./x/y/z 8");
        assertThat(mount.shell("rm -rf x a c d e; ls -A")).isEmpty();
    }

    @Test
    void attributesAreSet() throws Exception {
        assertThat(mount.shell("touch f; chmod 4751 f; chown 12:34 f; stat -c '%a %u %g' f"))
                .isEqualTo("751 12 34");
        assertThat(mount.shell("touch -d @1234567890.123456789 f; stat -c '%.9Y %.9X' f"))
                .isEqualTo("1234567890.123456789 1234567890.123456789");
        assertThat(mount.shell("touch -d @-5.25 f; stat -c '%.9Y' f")).isEqualTo("-5.250000000");
        assertThat(mount.shell("truncate -s 5000 f; stat -c '%s %b' f; : >f; stat -c %s f"))
                .isEqualTo("5000 10\n0");
        assertThat(mount.shell("umask 027; mkdir d; touch d/f; stat -c %a d d/f"))
                .isEqualTo("750\n640");
        assertThat(mount.shell("stat -f -c '%S %l' .")).isEqualTo("4096 255");
    }

    @Test
    void nodesOfAllKindsAreMade() throws Exception {
        assertThat(
                        mount.shell(
                                "mkfifo p; mknod n c 1 3; stat -c %F p n; stat -c '%t %T' n; echo gone >n; (echo x >p &); cat p"))
                .isEqualTo("fifo\ncharacter special file\n1 3\nx");
    }

    @Test
    void extendedAttributesAreKept() throws Exception {
        assertThat(mount.shell("touch f; setfattr -n user.a -v one f; setfattr -n trusted.b -v two f; "
                        + "getfattr --only-values -n user.a f; echo; getfattr -d -m - f | grep -c =; "
                        + "setfattr -x user.a f; getfattr -n user.a f 2>&1 | grep -o 'No such attribute' "))
                .isEqualTo("one\n2\nNo such attribute");
        assertThat(mount.shell(
                        "head -c 60000 /dev/zero | tr '\\0' x >v; python3 -c \"import os; os.setxattr('f','user.l',"
                                + "open('v','rb').read()); print(len(os.getxattr('f','user.l')))\""))
                .isEqualTo("60000");
    }

    @Test
    void renamesKnowTheirFlags() throws Exception {
        assertThat(mount.shell("echo a >a; echo b >b; mkdir d; mv -n a b; cat a; python3 - <<'E'\n"
                        + "import ctypes, os\nc = ctypes.CDLL(None, use_errno=True)\n"
                        + "def r(f):\n  x = c.renameat2(-100, b'a', -100, b'b', f); return ctypes.get_errno() if x else 0\n"
                        + "print(r(1), r(2), r(4), open('a').read().strip())\nE\n"))
                .isEqualTo(mount.canExchange() ? "a\n17 0 22 b" : "a\n17 22 22 a");
    }

    @Test
    void filesHaveHolesRangesAndCopies() throws Exception {
        assertThat(mount.shell("fallocate -l 10000 f; stat -c %s f; echo data | dd of=f conv=notrunc status=none; "
                        + "fallocate -p -o 0 -l 2 f; head -c 4 f | od -An -c | tr -d ' '"))
                .isEqualTo("10000\n\\0\\0ta");
        assertThat(mount.shell("python3 - <<'E'\nimport os\n"
                        + "a = os.open('f', os.O_RDWR); b = os.open('g', os.O_RDWR | os.O_CREAT)\n"
                        + "print(os.lseek(a, 3, os.SEEK_DATA), os.lseek(a, 0, os.SEEK_END))\n"
                        + "print(os.copy_file_range(a, b, 3, 2, 1), os.fstat(b).st_size)\n"
                        + "os.fsync(b); os.fdatasync(b); d = os.open('.', os.O_RDONLY); os.fsync(d)\nE\n"))
                .isEqualTo("3 10000\n3 4");
    }

    @Test
    void largeTransfersKeepEveryByte() throws Exception {
        final byte[] bytes = new byte[9 << 20];
        new Random(4).nextBytes(bytes);
        final Path file = mount.directory.resolve("large");
        Files.write(file, bytes);
        mount.shell("echo 3 >/proc/sys/vm/drop_caches");
        assertThat(Arrays.equals(Files.readAllBytes(file), bytes)).isTrue();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final var part = ByteBuffer.allocateDirect(1 << 20);
            channel.read(part, 1_234_567);
            assertThat(Arrays.equals(
                            part.flip().hasArray() ? part.array() : copy(part),
                            Arrays.copyOfRange(bytes, 1_234_567, 1_234_567 + (1 << 20))))
                    .isTrue();
        }
        assertThat(
                        mount.shell(
                                "for i in 1 2 3 4 5 6 7 8; do dd if=large of=copy$i bs=1M status=none & done; wait; "
                                        + "for i in 1 2 3 4 5 6 7 8; do cmp large copy$i; done; dd if=large iflag=direct bs=1M status=none | cmp - large"))
                .isEmpty();
    }

    private static byte[] copy(final ByteBuffer buffer) {
        final byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void mappedFilesAreWrittenBack() throws Exception {
        assertThat(mount.shell(
                        "truncate -s 8192 f; python3 -c \"import mmap\nf=open('f','r+b')\nm=mmap.mmap(f.fileno(),8192)\n"
                                + "m[5000:5003]=b'abc'\nm.flush()\nm.close()\"; tail -c +5001 f | head -c 3"))
                .isEqualTo("abc");
    }

    @Test
    void directoriesOfManyEntriesAreListedWhole() throws Exception {
        assertThat(mount.shell(
                        "mkdir d; cd d; seq 5000 | xargs touch; ls -U | wc -l; ls -l | wc -l; ls -f | sort -u | wc -l; "
                                + "rm *7*; ls | wc -l; cd ..; rm -r d"))
                .isEqualTo("5000\n5001\n5002\n3645".replace("3645", Integer.toString(withoutSeven())));
    }

    private static int withoutSeven() {
        return (int) IntStream.rangeClosed(1, 5000)
                .filter(i -> !Integer.toString(i).contains("7"))
                .count();
    }

    @Test
    void unlinkedFilesLiveTillTheyAreClosed() throws Exception {
        assertThat(mount.shell("echo kept >f; exec 3<f; rm f; cat <&3; exec 3<&-"))
                .isEqualTo("kept");
        assertThat(mount.shell("exec 3<>f; echo first >&3; rm f; echo second >&3; cat /proc/self/fd/3"))
                .isEqualTo("first\nsecond");
    }

    @Test
    void whatIsMountedCannotBeMountedOver() {
        assertThatThrownBy(() -> mount.mountAgain())
                .isInstanceOf(MountException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void anUnmountEndsTheSession() throws Exception {
        try (var held = Files.newBufferedWriter(mount.directory.resolve("f"))) {
            assertThatThrownBy(() -> Mounting.unmount(mount.directory, false))
                    .isInstanceOf(MountException.class)
                    .hasMessageContaining("in use");
            held.write("still works");
        }
        Mounting.unmount(mount.directory, false);
        assertThat(mount.await()).isEqualTo(new SessionEnd.Unmounted());
    }
}
