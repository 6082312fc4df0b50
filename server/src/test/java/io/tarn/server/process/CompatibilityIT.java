package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The S3 programs people have, as they are installed, against the real process. A missing program fails its test: {@code .ci/run} installs
 * them all. None is told to try again, as far as it can be told.
 */
class CompatibilityIT {
    private static final int MIB = 1 << 20;
    /** Above the 8 MiB (aws), 15 MiB (s3cmd) and the size that rclone is told, each of which makes an upload of several parts. */
    private static final int LARGE_BYTES = 17 * MIB + 4321;

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "AWS_ACCESS_KEY_ID", ServerProcess.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY", ServerProcess.SECRET_KEY,
            "AWS_DEFAULT_REGION", "us-east-1",
            "AWS_MAX_ATTEMPTS", "1",
            "AWS_CONFIG_FILE", "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE", "/dev/null",
            "AWS_EC2_METADATA_DISABLED", "true",
            "AWS_PAGER", "");

    @TempDir
    private static Path shared;

    private static ServerProcess server;

    @TempDir
    private Path scratch;

    @BeforeAll
    static void start() {
        server = ServerProcess.start(shared.resolve("data"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Program aws() {
        return Program.installed("aws").with(ENVIRONMENT);
    }

    private static String aws(final Object... arguments) {
        final Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--endpoint-url";
        all[arguments.length + 1] = server.s3();
        return aws().succeed(all);
    }

    /** A small tree of files with names that need care. */
    private Path tree() throws IOException {
        final Path tree = scratch.resolve("tree");
        Files.createDirectories(tree.resolve("deep/er"));
        Files.writeString(tree.resolve("a.txt"), "a");
        Files.writeString(tree.resolve("deep/with space & +plus.txt"), "b");
        Files.writeString(tree.resolve("deep/er/übung.txt"), "c");
        Files.write(tree.resolve("deep/empty"), new byte[0]);
        return tree;
    }

    private Path large() throws IOException {
        final byte[] content = new byte[LARGE_BYTES];
        new Random(LARGE_BYTES).nextBytes(content);
        return Files.write(scratch.resolve("large"), content);
    }

    private static void assertSameTree(final Path expected, final Path actual) throws IOException {
        assertThat(files(actual)).isEqualTo(files(expected));
        for (final Path file : files(expected)) {
            assertThat(actual.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
        }
    }

    private static List<Path> files(final Path root) throws IOException {
        try (var walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void awsCommandLineCopiesSyncsListsAndRemoves() throws IOException {
        aws("s3", "mb", "s3://aws-high");
        assertThat(aws("s3", "ls")).contains("aws-high");
        aws("s3", "cp", large(), "s3://aws-high/large");
        aws("s3", "cp", "s3://aws-high/large", "s3://aws-high/copy");
        aws("s3", "cp", "s3://aws-high/copy", scratch.resolve("back"));
        assertThat(scratch.resolve("back")).hasSameBinaryContentAs(scratch.resolve("large"));

        final Path tree = tree();
        aws("s3", "sync", tree, "s3://aws-high/tree");
        assertThat(aws("s3", "ls", "s3://aws-high/tree/")).contains("PRE deep/", "a.txt");
        assertThat(aws("s3", "ls", "--recursive", "s3://aws-high/tree/")).contains("deep/er/übung.txt");
        Files.delete(tree.resolve("a.txt"));
        assertThat(aws("s3", "sync", "--delete", tree, "s3://aws-high/tree"))
                .contains("delete: s3://aws-high/tree/a.txt")
                .doesNotContain("upload:");
        aws("s3", "sync", "s3://aws-high/tree", scratch.resolve("synced"));
        assertSameTree(tree, scratch.resolve("synced"));
        assertThat(aws("s3", "sync", "s3://aws-high/tree", scratch.resolve("synced")))
                .isEmpty();

        aws("s3", "mv", "s3://aws-high/copy", "s3://aws-high/moved");
        aws("s3", "rm", "s3://aws-high/moved");
        aws("s3", "rm", "--recursive", "s3://aws-high");
        aws("s3", "rb", "s3://aws-high");
        assertThat(aws("s3", "ls")).doesNotContain("aws-high");
    }

    @Test
    void awsCommandLineSpeaksEachOperation() throws IOException {
        final Path large = large();
        final Path part = scratch.resolve("part");
        Files.write(part, Arrays.copyOf(Files.readAllBytes(large), 5 * MIB));
        aws("s3api", "create-bucket", "--bucket", "aws-low");
        final String upload = aws(
                        "s3api",
                        "create-multipart-upload",
                        "--bucket",
                        "aws-low",
                        "--key",
                        "m",
                        "--query",
                        "UploadId",
                        "--output",
                        "text")
                .strip();
        final String[] tags = new String[2];
        for (int number = 1; number <= tags.length; number++) {
            tags[number - 1] = aws(
                            "s3api",
                            "upload-part",
                            "--bucket",
                            "aws-low",
                            "--key",
                            "m",
                            "--upload-id",
                            upload,
                            "--part-number",
                            number,
                            "--body",
                            part,
                            "--query",
                            "ETag",
                            "--output",
                            "text")
                    .strip()
                    .replace("\"", "");
        }
        assertThat(aws("s3api", "list-parts", "--bucket", "aws-low", "--key", "m", "--upload-id", upload))
                .contains(tags[0], "\"Size\": " + 5 * MIB);
        final Path parts = scratch.resolve("parts.json");
        Files.writeString(
                parts,
                "{\"Parts\":[{\"PartNumber\":1,\"ETag\":\"%s\"},{\"PartNumber\":2,\"ETag\":\"%s\"}]}"
                        .formatted(tags[0], tags[1]));
        assertThat(aws(
                        "s3api",
                        "complete-multipart-upload",
                        "--bucket",
                        "aws-low",
                        "--key",
                        "m",
                        "--upload-id",
                        upload,
                        "--multipart-upload",
                        "file://" + parts))
                .contains("-2\\\"");
        assertThat(aws("s3api", "head-object", "--bucket", "aws-low", "--key", "m"))
                .contains("\"ContentLength\": " + 10 * MIB);
        aws("s3api", "get-object", "--bucket", "aws-low", "--key", "m", "--part-number", 2, scratch.resolve("second"));
        assertThat(scratch.resolve("second")).hasSameBinaryContentAs(part);
        aws(
                "s3api",
                "put-object-tagging",
                "--bucket",
                "aws-low",
                "--key",
                "m",
                "--tagging",
                "TagSet=[{Key=colour,Value=red}]");
        assertThat(aws("s3api", "get-object-tagging", "--bucket", "aws-low", "--key", "m"))
                .contains("colour", "red");
        assertThat(aws(
                        "s3api",
                        "get-object-attributes",
                        "--bucket",
                        "aws-low",
                        "--key",
                        "m",
                        "--object-attributes",
                        "ETag",
                        "ObjectSize",
                        "ObjectParts"))
                .contains("\"TotalPartsCount\": 2");
        assertThat(aws().run(
                                "s3api",
                                "get-object",
                                "--bucket",
                                "aws-low",
                                "--key",
                                "none",
                                "/dev/null",
                                "--endpoint-url",
                                server.s3())
                        .err())
                .contains("(NoSuchKey)");
        aws("s3api", "delete-object", "--bucket", "aws-low", "--key", "m");
        aws("s3api", "delete-bucket", "--bucket", "aws-low");
    }

    @Test
    void boto3() {
        final Program python = Program.installed("python3").with(ENVIRONMENT);
        assertThat(python.run("-c", "import boto3").exitCode())
                .as("there is no boto3 for %s: run .ci/run", python.file())
                .isZero();
        python.succeed(Distribution.script("boto3_program.py"), server.s3(), scratch);
    }

    private static String s3cmd(final Object... arguments) {
        final String host = server.s3().getAuthority();
        final List<Object> all = new ArrayList<>(List.of(
                "--config=/dev/null",
                "--access_key=" + ServerProcess.ACCESS_KEY,
                "--secret_key=" + ServerProcess.SECRET_KEY,
                "--host=" + host,
                "--host-bucket=" + host,
                "--no-ssl",
                "--no-progress"));
        all.addAll(List.of(arguments));
        return Program.installed("s3cmd").succeed(all.toArray());
    }

    @Test
    void s3cmd() throws IOException {
        s3cmd("mb", "s3://cmd");
        assertThat(s3cmd("ls")).contains("s3://cmd");
        s3cmd("put", large(), "s3://cmd/large", "--multipart-chunk-size-mb=5");
        assertThat(s3cmd("info", "s3://cmd/large")).contains("File size: " + LARGE_BYTES);
        s3cmd("get", "s3://cmd/large", scratch.resolve("back"));
        assertThat(scratch.resolve("back")).hasSameBinaryContentAs(scratch.resolve("large"));
        s3cmd("cp", "s3://cmd/large", "s3://cmd/copy");
        s3cmd("mv", "s3://cmd/copy", "s3://cmd/moved");

        final Path tree = tree();
        s3cmd("sync", tree + "/", "s3://cmd/tree/");
        assertThat(s3cmd("ls", "--recursive", "s3://cmd/tree/")).contains("deep/with space & +plus.txt", "übung.txt");
        Files.delete(tree.resolve("a.txt"));
        assertThat(s3cmd("sync", "--delete-removed", tree + "/", "s3://cmd/tree/"))
                .contains("delete: 's3://cmd/tree/a.txt'")
                .doesNotContain("upload:");
        Files.createDirectory(scratch.resolve("synced"));
        s3cmd("sync", "s3://cmd/tree/", scratch.resolve("synced") + "/");
        assertSameTree(tree, scratch.resolve("synced"));
        assertThat(s3cmd("du", "s3://cmd")).contains("s3://cmd");

        s3cmd("setacl", "--acl-public", "s3://cmd/large");
        s3cmd("del", "s3://cmd/moved");
        s3cmd("del", "--recursive", "--force", "s3://cmd");
        s3cmd("rb", "s3://cmd");
    }

    private static String rclone(final Object... arguments) {
        return Program.installed("rclone")
                .with(Map.of(
                        "AWS_CA_BUNDLE", "",
                        "RCLONE_CONFIG", "/dev/null",
                        "RCLONE_CONFIG_T_TYPE", "s3",
                        "RCLONE_CONFIG_T_PROVIDER", "Other",
                        "RCLONE_CONFIG_T_ENDPOINT", server.s3().toString(),
                        "RCLONE_CONFIG_T_ACCESS_KEY_ID", ServerProcess.ACCESS_KEY,
                        "RCLONE_CONFIG_T_SECRET_ACCESS_KEY", ServerProcess.SECRET_KEY,
                        "RCLONE_S3_UPLOAD_CUTOFF", "6M",
                        "RCLONE_S3_CHUNK_SIZE", "5M",
                        "RCLONE_RETRIES", "1"))
                .succeed(arguments);
    }

    @Test
    void rclone() throws IOException {
        final Path tree = tree();
        Files.move(large(), tree.resolve("large"));
        rclone("mkdir", "t:clone");
        assertThat(rclone("lsd", "t:")).contains("clone");
        rclone("copy", tree, "t:clone/tree");
        rclone("check", "--download", tree, "t:clone/tree");
        rclone("check", tree, "t:clone/tree");
        assertThat(rclone("lsf", "-R", "t:clone/tree").lines())
                .contains("a.txt", "deep/", "deep/er/übung.txt", "deep/with space & +plus.txt", "large");
        Files.delete(tree.resolve("a.txt"));
        rclone("sync", tree, "t:clone/tree");
        assertThat(rclone("lsf", "t:clone/tree").lines()).containsExactlyInAnyOrder("deep/", "large");
        rclone("copyto", "t:clone/tree/large", "t:clone/copy");
        rclone("moveto", "t:clone/copy", "t:clone/moved");
        rclone("sync", "t:clone/tree", scratch.resolve("synced"));
        assertSameTree(tree, scratch.resolve("synced"));
        assertThat(Files.getLastModifiedTime(scratch.resolve("synced/large")).toMillis())
                .isEqualTo(Files.getLastModifiedTime(tree.resolve("large")).toMillis());
        assertThat(rclone("cat", "t:clone/tree/deep/er/übung.txt")).isEqualTo("c");
        rclone("deletefile", "t:clone/moved");
        rclone("delete", "t:clone");
        rclone("purge", "t:clone");
        assertThat(rclone("lsd", "t:")).doesNotContain("clone");
    }
}
