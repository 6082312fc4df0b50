package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/** The AWS SDK for Java 2 against the real process: blocking, asynchronous, and its transfer manager on plain Netty. */
class AwsSdkIT {
    private static final int MIB = 1 << 20;
    private static final int PART_BYTES = 5 * MIB;

    @TempDir
    private static Path shared;

    private static ServerProcess server;
    private static S3Client s3;
    private static S3AsyncClient async;

    @TempDir
    private Path scratch;

    @BeforeAll
    static void start() {
        server = ServerProcess.start(shared.resolve("data"));
        s3 = S3Clients.sync(server.s3());
        async = S3Clients.async(server.s3());
    }

    @AfterAll
    static void stop() {
        async.close();
        s3.close();
        server.close();
    }

    private static byte[] content(final int size) {
        final byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] read(final String bucket, final String key) {
        return s3.getObjectAsBytes(request -> request.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED))
                .asByteArray();
    }

    @Test
    void blockingClientPutsGetsCopiesAndLists() {
        s3.createBucket(request -> request.bucket("sdk-sync"));
        final byte[] bytes = content(3 * MIB + 17);
        for (final ChecksumAlgorithm algorithm : List.of(
                ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32_C, ChecksumAlgorithm.SHA1, ChecksumAlgorithm.SHA256)) {
            final String key = "sum/" + algorithm;
            s3.putObject(
                    request -> request.bucket("sdk-sync")
                            .key(key)
                            .checksumAlgorithm(algorithm)
                            .metadata(Map.of("made-by", "sdk")),
                    RequestBody.fromBytes(bytes));
            assertThat(read("sdk-sync", key)).isEqualTo(bytes);
        }
        s3.copyObject(request -> request.sourceBucket("sdk-sync")
                .sourceKey("sum/CRC32")
                .destinationBucket("sdk-sync")
                .destinationKey("copy of ü"));
        assertThat(read("sdk-sync", "copy of ü")).isEqualTo(bytes);
        assertThat(s3.headObject(request -> request.bucket("sdk-sync").key("copy of ü"))
                        .metadata())
                .containsEntry("made-by", "sdk");
        assertThat(s3
                        .listObjectsV2Paginator(
                                request -> request.bucket("sdk-sync").maxKeys(2))
                        .contents()
                        .stream()
                        .map(S3Object::key))
                .containsExactly("copy of ü", "sum/CRC32", "sum/CRC32C", "sum/SHA1", "sum/SHA256");
        assertThatThrownBy(() -> s3.listObjectsV2(request -> request.bucket("sdk-nowhere")))
                .isInstanceOf(NoSuchBucketException.class);
    }

    @Test
    void blockingClientUploadsInParts() {
        s3.createBucket(request -> request.bucket("sdk-parts"));
        final byte[] bytes = content(2 * PART_BYTES + 99);
        s3.putObject(request -> request.bucket("sdk-parts").key("source"), RequestBody.fromBytes(bytes));
        final String upload = s3.createMultipartUpload(
                        request -> request.bucket("sdk-parts").key("parts"))
                .uploadId();
        final String first = s3.uploadPart(
                        request -> request.bucket("sdk-parts")
                                .key("parts")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromBytes(Arrays.copyOf(bytes, PART_BYTES)))
                .eTag();
        final String second = s3.uploadPartCopy(request -> request.sourceBucket("sdk-parts")
                        .sourceKey("source")
                        .copySourceRange("bytes=" + PART_BYTES + "-" + (bytes.length - 1))
                        .destinationBucket("sdk-parts")
                        .destinationKey("parts")
                        .uploadId(upload)
                        .partNumber(2))
                .copyPartResult()
                .eTag();
        s3.completeMultipartUpload(request -> request.bucket("sdk-parts")
                .key("parts")
                .uploadId(upload)
                .multipartUpload(done -> done.parts(
                        CompletedPart.builder().partNumber(1).eTag(first).build(),
                        CompletedPart.builder().partNumber(2).eTag(second).build())));
        assertThat(read("sdk-parts", "parts")).isEqualTo(bytes);
    }

    @Test
    void presignedUrlsNeedNoCredentials() throws IOException, InterruptedException {
        s3.createBucket(request -> request.bucket("sdk-urls"));
        try (S3Presigner presigner = S3Clients.presigner(s3, server.s3());
                HttpClient http = HttpClient.newHttpClient()) {
            final var put = presigner.presignPutObject(request -> request.signatureDuration(Duration.ofMinutes(1))
                    .putObjectRequest(object -> object.bucket("sdk-urls").key("a b")));
            final var answer = http.send(
                    HttpRequest.newBuilder(URI.create(put.url().toString()))
                            .PUT(HttpRequest.BodyPublishers.ofString("by url"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            final var get = presigner.presignGetObject(request -> request.signatureDuration(Duration.ofMinutes(1))
                    .getObjectRequest(object -> object.bucket("sdk-urls").key("a b")));
            assertThat(http.send(
                                    HttpRequest.newBuilder(URI.create(get.url().toString()))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("by url");
        }
    }

    @Test
    void presignedUrlsCarryHeaders() throws IOException, InterruptedException {
        s3.createBucket(request -> request.bucket("sdk-url-headers"));
        try (S3Presigner presigner = S3Clients.presigner(s3, server.s3());
                HttpClient http = HttpClient.newHttpClient()) {
            final var put = presigner.presignPutObject(request -> request.signatureDuration(Duration.ofMinutes(1))
                    .putObjectRequest(object -> object.bucket("sdk-url-headers")
                            .key("k")
                            .metadata(Map.of("who", "java"))
                            .tagging("a=1")
                            .checksumCRC32("NhCmhg==")));
            final var request = HttpRequest.newBuilder(URI.create(put.url().toString()));
            put.signedHeaders().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("host")) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            final var answer = http.send(
                    request.PUT(HttpRequest.BodyPublishers.ofString("hello")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(http.send(
                                    request.PUT(HttpRequest.BodyPublishers.ofString("other"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("BadDigest");
        }
        final var head =
                s3.headObject(request -> request.bucket("sdk-url-headers").key("k"));
        assertThat(head.metadata()).isEqualTo(Map.of("who", "java"));
        assertThat(head.tagCount()).isEqualTo(1);
    }

    @Test
    void asynchronousClientHasManyRequestsInWork() {
        async.createBucket(request -> request.bucket("sdk-async")).join();
        // none is empty: the SDK's client of parts now and then never completes the download of an empty body
        final byte[] bytes = content(100_000);
        CompletableFuture.allOf(IntStream.range(0, 100)
                        .mapToObj(i -> async.putObject(
                                request -> request.bucket("sdk-async").key("%03d".formatted(i)),
                                AsyncRequestBody.fromBytes(Arrays.copyOf(bytes, (i + 1) * 1_000))))
                        .toArray(CompletableFuture[]::new))
                .join();
        final var read = IntStream.range(0, 100)
                .mapToObj(i -> async.getObject(
                        request -> request.bucket("sdk-async").key("%03d".formatted(i)),
                        AsyncResponseTransformer.toBytes()))
                .toList();
        for (int i = 0; i < 100; i++) {
            assertThat(read.get(i).join().asByteArray()).isEqualTo(Arrays.copyOf(bytes, (i + 1) * 1_000));
        }
        assertThat(async.listObjectsV2(request -> request.bucket("sdk-async"))
                        .join()
                        .keyCount())
                .isEqualTo(100);
    }

    @Test
    void transferManagerMovesFilesAndDirectories() throws IOException {
        async.createBucket(request -> request.bucket("sdk-transfer")).join();
        final Path tree = Files.createDirectories(scratch.resolve("tree"));
        final Path large = Files.write(tree.resolve("large"), content(20 * MIB + 5));
        Files.createDirectory(tree.resolve("below"));
        Files.writeString(tree.resolve("below/small"), "small");
        try (S3TransferManager transfers =
                S3TransferManager.builder().s3Client(async).build()) {
            transfers
                    .uploadFile(request -> request.source(large)
                            .putObjectRequest(put -> put.bucket("sdk-transfer").key("large")))
                    .completionFuture()
                    .join();
            transfers
                    .copy(request -> request.copyObjectRequest(copy -> copy.sourceBucket("sdk-transfer")
                            .sourceKey("large")
                            .destinationBucket("sdk-transfer")
                            .destinationKey("large-copy")))
                    .completionFuture()
                    .join();
            final Path back = scratch.resolve("back");
            transfers
                    .downloadFile(request -> request.destination(back)
                            .getObjectRequest(get -> get.bucket("sdk-transfer").key("large-copy")))
                    .completionFuture()
                    .join();
            assertThat(back).hasSameBinaryContentAs(large);

            assertThat(transfers
                            .uploadDirectory(request ->
                                    request.source(tree).bucket("sdk-transfer").s3Prefix("tree"))
                            .completionFuture()
                            .join()
                            .failedTransfers())
                    .isEmpty();
            final Path down = scratch.resolve("down");
            assertThat(transfers
                            .downloadDirectory(request -> request.destination(down)
                                    .bucket("sdk-transfer")
                                    .listObjectsV2RequestTransformer(list -> list.prefix("tree/")))
                            .completionFuture()
                            .join()
                            .failedTransfers())
                    .isEmpty();
            assertThat(down.resolve("large")).hasSameBinaryContentAs(large);
            assertThat(down.resolve("below/small")).hasContent("small");
        }
    }
}
