package io.tarn.posix.jnr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.posix.fuse.MemoryFileSystem;
import io.tarn.posix.fuse.MountException;
import io.tarn.posix.fuse.MountWish;
import io.tarn.posix.fuse.SessionEnd;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a mount through libfuse begins, waits and ends. */
@Timeout(180)
final class JnrMountLifeTest {
    @TempDir
    Path elsewhere;

    private JnrMounted mount;

    @BeforeEach
    void mount() throws Exception {
        mount = new JnrMounted(new MemoryFileSystem(0), "life");
    }

    @AfterEach
    void unmount() throws Exception {
        mount.close();
    }

    private static void refuses(final Path directory, final String message) {
        assertThatThrownBy(() ->
                        JnrMount.mount(MountWish.of(directory, "refused"), new MemoryFileSystem(0), JnrOptions.DEFAULT))
                .isInstanceOf(MountException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatCannotBeMountedOverIsNamed() throws Exception {
        refuses(elsewhere.resolve("missing"), "does not exist");
        refuses(Files.createFile(elsewhere.resolve("file")), "is not a directory");
        refuses(mount.directory, "is in use");
    }

    @Test
    void whatWasInTheDirectoryIsCovered() throws Exception {
        Files.createFile(elsewhere.resolve("covered"));
        try (var served =
                JnrMount.mount(MountWish.of(elsewhere, "a, \\ b"), new MemoryFileSystem(0), JnrOptions.DEFAULT)) {
            assertThat(elsewhere.resolve("covered")).doesNotExist();
            assertThat(Files.readString(Path.of("/proc/mounts")))
                    .contains("a,\\040\\134\\040b " + served.directory() + " fuse.tarn");
        }
        assertThat(elsewhere.resolve("covered")).exists();
    }

    @Test
    void itIsShownAsWhatItIs() throws Exception {
        assertThat(mount.shell("stat -f -c %T .; grep ' '$PWD' ' /proc/mounts | cut -d ' ' -f 1,3"))
                .isEqualTo("fuseblk\nlife fuse.tarn");
        assertThat(mount.shell("grep ' '$PWD' ' /proc/mounts"))
                .contains("default_permissions", "allow_other")
                .doesNotContain("nosuid", "nodev");
    }

    @Test
    void umountEndsIt() throws Exception {
        new ProcessBuilder("umount", mount.directory.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(mount.await()).isEqualTo(new SessionEnd.Unmounted());
    }

    @Test
    void fusermountEndsIt() throws Exception {
        new ProcessBuilder("fusermount", "-u", mount.directory.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(mount.await()).isEqualTo(new SessionEnd.Unmounted());
    }

    @Test
    void twoMountsAreServedAtOnceAndEndOnTheirOwn() throws Exception {
        try (var other = new JnrMounted(new MemoryFileSystem(0), "other")) {
            other.shell("echo other >f");
            mount.shell("echo one >f");
            assertThat(mount.shell("cat f")).isEqualTo("one");
            mount.served.close();
            assertThat(mount.await()).isEqualTo(new SessionEnd.Unmounted());
            assertThat(other.shell("cat f")).isEqualTo("other");
        }
    }

    @Test
    void closingCutsOffWhoDoesNotLetGo() throws Exception {
        final Process program = mount.start("exec 3>f; echo held; read line; echo more >&3 || echo cut off");
        try (BufferedReader output = program.inputReader()) {
            assertThat(output.readLine()).isEqualTo("held");
            mount.served.close();
            assertThat(mount.await()).isEqualTo(new SessionEnd.Unmounted());
            program.outputWriter().append("go on\n").flush();
            assertThat(output.lines()).last().asString().contains("cut off");
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void closingEndsWaitsForLocks() throws Exception {
        final Process program = mount.start("exec 3>f; flock 3; echo held; flock f true");
        try (BufferedReader output = program.inputReader()) {
            assertThat(output.readLine()).isEqualTo("held");
            mount.served.close();
            assertThat(mount.await()).isEqualTo(new SessionEnd.Unmounted());
            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void aWaitForALockIsInterrupted() throws Exception {
        assertThat(mount.shell("""
                exec 3>f; flock 3; python3 - <<'E'
                import fcntl, signal
                class Rung(Exception): pass
                def ring(*_): raise Rung()
                signal.signal(signal.SIGALRM, ring)
                for kind in ('flock', 'lockf'):
                  f = open('f', 'r+')
                  if kind == 'lockf':
                    import os
                    if os.fork() == 0:
                      g = open('f', 'r+'); fcntl.lockf(g, fcntl.LOCK_EX); open('taken', 'w').close()
                      while not os.path.exists('done'): pass
                      os._exit(0)
                    while not os.path.exists('taken'): pass
                  signal.setitimer(signal.ITIMER_REAL, 0.5)
                  try:
                    getattr(fcntl, kind)(f, fcntl.LOCK_EX); print('got it?')
                  except Rung: print(kind, 'interrupted')
                open('done', 'w').close(); os.wait()
                E""")).isEqualTo("flock interrupted\nlockf interrupted");
    }

    @Test
    void moreWaitThanThreadsServeAtFirst() throws Exception {
        assertThat(
                        mount.shell(
                                "exec 3>f; flock 3; for i in {1..40}; do flock f -c 'echo got >>g' 3>&- & done; "
                                        + "while [ $(pgrep -c -x flock -P $$) -lt 40 ]; do :; done; ls; exec 3>&-; wait; grep -c got g"))
                .isEqualTo("f\n40");
    }

    @Test
    void namesAreBytes() throws Exception {
        assertThat(mount.shell("""
                python3 - <<'E'
                import os
                name = b'\\xff\\xfe caf\\xe9 \\xc3\\xa9'
                os.mkdir(name); os.close(os.open(name + b'/' + name, os.O_CREAT)); os.symlink(name, b'link')
                print(os.listdir(b'.') == [name, b'link'] and os.listdir(name) == [name], os.readlink(b'link') == name)
                os.setxattr(name, b'user.\\xff', b'\\x00\\xff'); print(os.getxattr(name, b'user.\\xff'))
                E""")).isEqualTo("True True\nb'\\x00\\xff'");
    }

    @Test
    void anOpenFileWithoutANameIsWhole() throws Exception {
        assertThat(mount.shell("""
                python3 - <<'E'
                import os
                os.mkdir('d'); f = os.open('d/f', os.O_RDWR | os.O_CREAT); os.write(f, b'kept')
                os.unlink('d/f'); print(os.listdir('d'), os.fstat(f).st_nlink)
                os.fchmod(f, 0o640); os.setxattr(f, 'user.a', b'b'); os.ftruncate(f, 3); os.utime(f, ns=(1, 2))
                s = os.fstat(f); print(oct(s.st_mode), s.st_mtime_ns, s.st_size, os.getxattr(f, 'user.a'))
                os.rename('d', 'e'); print(os.fstat(f).st_size); os.rmdir('e')
                os.pwrite(f, b'!', 3); print(os.pread(f, 9, 0)); os.close(f)
                E""")).isEqualTo("[] 0\n0o100640 2 3 b'b'\n3\nb'kep!'");
    }

    @Test
    void anOpenFileThatIsReplacedIsWhole() throws Exception {
        assertThat(mount.shell("""
                python3 - <<'E'
                import os
                f = open('f', 'w+'); f.write('old'); f.flush(); os.link('f', 'g')
                open('new', 'w').write('new'); os.rename('new', 'f')
                print(sorted(os.listdir('.')), open('f').read(), os.fstat(f.fileno()).st_nlink, f.seek(0), f.read())
                print(os.stat('g').st_nlink, os.path.exists('.fuse_hidden'))
                E""")).isEqualTo("['f', 'g'] new 1 0 old\n1 False");
    }

    @Test
    void whatIsBelowMovesAlong() throws Exception {
        assertThat(mount.shell("mkdir -p a/b/c; echo deep >a/b/c/f; exec 3>>a/b/c/f; mv a z; echo er >&3; mv z/b y; "
                        + "cat y/c/f; ls z; echo again >>y/c/f; wc -l <y/c/f"))
                .isEqualTo("deep\ner\n3");
    }

    @Test
    void locksAreShownToOthers() throws Exception {
        assertThat(mount.shell("""
                python3 - <<'E'
                import fcntl, os, struct
                f = open('f', 'w+'); fcntl.lockf(f, fcntl.LOCK_EX, 10, 5); me = os.getpid()
                if os.fork() == 0:
                  g = open('f', 'r+')
                  t, w, s, l, p = struct.unpack('hhqqi4x', fcntl.fcntl(g, fcntl.F_GETLK, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0)))
                  print(t == fcntl.F_WRLCK, s, l, p == me, flush=True)
                  fcntl.lockf(g, fcntl.LOCK_EX | fcntl.LOCK_NB, 5, 0)
                  try: fcntl.lockf(g, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 14); print('got it?')
                  except OSError as e: print(e.errno, flush=True)
                  os._exit(0)
                os.wait()
                E""")).isEqualTo("True 5 10 True\n11");
    }
}
