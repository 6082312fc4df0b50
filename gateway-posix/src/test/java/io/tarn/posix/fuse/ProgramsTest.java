package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that people keep on disks do on a mount what they do there. What a program has to say decides, and checksums of its files. */
@Timeout(900)
final class ProgramsTest extends MountedHosts {
    private static final long SEED = Long.getLong("tarn.seed", 20_261_129);
    private static final int SECONDS = 400;
    private static final int REPOSITORY_FILES = Integer.getInteger("tarn.programs.files", 1_500);
    private static final int TREE_FILES = Integer.getInteger("tarn.programs.files", 1_000);
    private static final int KILLS = 20;
    private static final int MODULES = 40;

    private static Path empty(final String name) throws Exception {
        return Files.createTempDirectory(local, name);
    }

    @Test
    void gitKeepsARepositoryOfManyFiles() throws Exception {
        final Path origin = empty("origin");
        shell(origin)
                .run(
                        SECONDS,
                        "git init -q --bare .; python3 $checkers/make_repository.py %d %d 20 | git fast-import --quiet; git symbolic-ref HEAD refs/heads/main"
                                .formatted(SEED, REPOSITORY_FILES));
        final Shell shell = shell(host(), "origin", origin, "HOME", local);
        final String git = "git -c user.name=a -c user.email=a@b ";
        shell.run(SECONDS, "git clone -q file://$origin clone");
        assertThat(shell.run(
                        SECONDS, "cd clone; git diff-files; git status --porcelain; git fsck --full --strict 2>&1"))
                .isEmpty();
        assertThat(shell.run(SECONDS, "cd clone; find . -name .git -prune -o -type f -print | wc -l; readlink link"))
                .isEqualTo(REPOSITORY_FILES + "\nd0/e0/file0.c");
        shell.run(
                SECONDS,
                "cd clone; git checkout -q -b other HEAD~10; for f in d1/e*/*; do echo more >>$f; done; " + git
                        + "commit -qam changed; git stash list; git checkout -q main; git worktree add -q ../second other; "
                        + git + "merge -q -X ours -m merged other; git gc -q --prune=now; git repack -adfq");
        assertThat(shell.run(
                        SECONDS,
                        "cd clone; git fsck --full --strict 2>&1; git status --porcelain; "
                                + "cd ../second; git status --porcelain; git clone -q ../clone ../third; cd ../third; "
                                + "git diff --stat $(git -C ../clone rev-parse HEAD)"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "truncate", "persist", "wal"})
    void sqliteLosesNothingWhenItsWriterIsKilled(final String journal) throws Exception {
        assertThat(shell(host())
                        .run(SECONDS, "python3 $checkers/sqlite_killed.py db %s %d %d".formatted(journal, KILLS, SEED)))
                .isEqualTo("whole");
        assertThat(shell(host()).run(SECONDS, "sqlite3 db 'pragma integrity_check; pragma quick_check'"))
                .isEqualTo("ok\nok");
    }

    @Test
    void postgresRecoversAfterItWasKilled() throws Exception {
        final Path mount = host();
        shell(mount).run(SECONDS, "mkdir pg; chown postgres:postgres pg; chmod 700 pg; chmod 755 .");
        assertThat(shell(mount.resolve("pg"))
                        .run(SECONDS, "cat $checkers/postgres.sh | runuser -u postgres -- bash -euo pipefail -s"))
                .contains("Bad checksums:  0");
    }

    @Test
    void tarPacksAndUnpacksATreeByteForByte() throws Exception {
        final Path tree = empty("tree");
        shell(tree).run(SECONDS, "python3 $checkers/make_tree.py . %d %d".formatted(TREE_FILES, SEED));
        final Shell shell = shell(host(), "tree", tree, "local", local);
        final String pack = "tar --format=posix --xattrs --sort=name --pax-option=delete=atime,delete=ctime -C ";
        shell.run(
                SECONDS,
                pack + "$tree -cf $local/one.tar .; mkdir t; tar --xattrs -C t -xpf $local/one.tar; "
                        + "tar --xattrs -C t -df $local/one.tar; " + "diff -r --no-dereference $tree t");
        shell.run(
                SECONDS,
                "(cd $tree; find . -type f -print0 | sort -z | xargs -0 sha256sum -z) >$local/sums; "
                        + "(cd t; find . -type f -print0 | sort -z | xargs -0 sha256sum -z) | cmp - $local/sums");
        assertThat(shell.run(SECONDS, pack + "t -cf - . | cmp - $local/one.tar && echo same; rm -rf t; ls -A"))
                .isEqualTo("same");
    }

    @Test
    void rsyncHasNothingToSendTheSecondTime() throws Exception {
        final Path tree = empty("tree");
        shell(tree).run(SECONDS, "python3 $checkers/make_tree.py . %d %d".formatted(TREE_FILES, SEED + 1));
        final Shell shell = shell(host(), "tree", tree);
        shell.run(SECONDS, "rsync -aHXS $tree/ t/");
        assertThat(shell.run(SECONDS, "rsync -aHXSi --delete $tree/ t/")).isEmpty();
        assertThat(shell.run(SECONDS, "rsync -aHXSic --delete $tree/ t/")).isEmpty();
        assertThat(shell.run(SECONDS, "touch -d @7 t/d1/new; rsync -ain --delete $tree/ t/ | tr -s ' '"))
                .contains("*deleting d1/new");
        assertThat(shell.run(SECONDS, "rm t/d1/new; rsync -aHXS t/ u/; rsync -aHXSi --delete t/ u/"))
                .isEmpty();
    }

    @Test
    void mavenBuildsAProject() throws Exception {
        final Path parent = Path.of("..", "pom.xml").toAbsolutePath().normalize();
        final Shell shell = shell(host(), "parent", parent);
        shell.run(SECONDS, """
                cp $parent .
                mkdir -p project/src/main/java/a
                cd project
                cat >pom.xml <<E
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <parent><groupId>io.tarn</groupId><artifactId>tarn</artifactId><version>0.1.0</version></parent>
                  <artifactId>small</artifactId>
                </project>
                E
                for i in {1..20}; do
                  echo "package a; public final class C$i { private C$i() {} public static int n() { return $i; } }" >src/main/java/a/C$i.java
                done
                echo 'package a; public final class Main { private Main() {} public static void main(String[] a) { System.out.println(C3.n() + C20.n()); } }' >src/main/java/a/Main.java
                mvn -q -B -o -Dspotless.check.skip package
                """);
        assertThat(shell.run(
                        SECONDS,
                        "cd project; java() { \"" + System.getProperty("java.home") + "/bin/java\" \"$@\"; }; "
                                + "java -cp target/small-0.1.0.jar a.Main"))
                .isEqualTo("23");
    }

    @Test
    void makeBuildsInParallelAndOnlyWhatChanged() throws Exception {
        final Shell shell = shell(host());
        shell.run(SECONDS, "python3 $checkers/make_program.py %d; make -s -j4".formatted(MODULES));
        final int sum = 2 * (MODULES - 1) * MODULES / 2;
        assertThat(shell.run(SECONDS, "./program; make -q -j4 && echo done")).isEqualTo(sum + "\ndone");
        assertThat(shell.run(
                        SECONDS,
                        "sed -i 's/define M3 3/define M3 4/' m3.h; make -j4 | grep -c -- '-c -o'; ./program; "
                                + "make -q && echo done"))
                .isEqualTo("3\n" + sum + "\ndone");
        assertThat(shell.run(SECONDS, "make -s clean; find . -name '*.o' | wc -l"))
                .isEqualTo("0");
    }

    @Test
    void editorsReplaceFiles() throws Exception {
        final Shell shell = shell(host());
        shell.run(
                60,
                "seq 1000 >f; chmod 640 f; chown 12:34 f; setfattr -n user.a -v b f; cp -a f g; cp -a f h; cp -a f i");
        assertThat(shell.run(
                        60,
                        "vim -es -u NONE -c 'set backup backupcopy=no' -c '%s/^5/five/' -c wq f; grep -c five f; "
                                + "stat -c '%a %u %g' f; wc -l <f~; ls -A | tr '\\n' ' '"))
                .isEqualTo("111\n640 12 34\n1000\nf f~ g h i");
        assertThat(shell.run(
                        60,
                        "vim -es -u NONE -c 'set nobackup backupcopy=yes' -c '%s/^5/five/' -c wq g; grep -c five g; "
                                + "stat -c '%a %u %g' g; getfattr --only-values -n user.a g"))
                .isEqualTo("111\n640 12 34\nb");
        assertThat(shell.run(
                        60,
                        "sed -i.old 's/^5/five/' h; grep -c five h; stat -c '%a %u %g' h; cmp h.old i && perl -pi -e 's/^5/five/' i; "
                                + "cmp h i && echo same"))
                .isEqualTo("111\n640 12 34\nsame");
    }
}
