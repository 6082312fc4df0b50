package io.tarn.s3.gateway;

import io.tarn.client.TarnClient;
import io.tarn.s3.fault.FaultyClient;
import io.tarn.s3.fault.FaultyObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/** A gateway on a free port over a node on disk, with clients of the AWS SDK for its users. */
final class GatewayFixture implements AutoCloseable {
    static final S3Settings.Limits LIMITS =
            new S3Settings.Limits(100, 50, 16 * 1024, 32 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(2), 1024);

    private final Path data;
    private final LocalGateway local;
    private FaultyClient store;
    private final RawS3 raw;
    private final S3Client main;
    private final S3Client alt;
    private final S3Client tenant;
    private final S3Client anonymous;
    private final S3AsyncClient async;
    private final AwsCredentialsProvider mainKey;

    GatewayFixture() {
        this(LIMITS);
    }

    GatewayFixture(final S3Settings.Limits limits) {
        this(new S3Settings("127.0.0.1", 0, List.of("s3.example.com"), "us-east-1", limits));
    }

    GatewayFixture(final S3Settings settings) {
        data = directory();
        local = new LocalGateway(data, settings, this::between);
        raw = new RawS3(local.port());
        mainKey = key("MAINKEY0000000000000", "mainsecretmainsecretmainsecret");
        main = client(mainKey);
        alt = client(key("ALTKEY00000000000000", "altsecretaltsecretaltsecretalt"));
        tenant = client(key("TENANTKEY0000000000", "tenantsecrettenantsecrettenant"));
        anonymous = client(AnonymousCredentialsProvider.create());
        async = S3AsyncClient.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(mainKey)
                .forcePathStyle(true)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                .build();
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("tarn-s3-");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TarnClient between(final TarnClient real) {
        store = new FaultyClient(real);
        return store;
    }

    private static AwsCredentialsProvider key(final String id, final String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
    }

    private S3Client client(final AwsCredentialsProvider credentials) {
        return S3Client.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .forcePathStyle(true)
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    int port() {
        return local.port();
    }

    S3Client main() {
        return main;
    }

    S3Client alt() {
        return alt;
    }

    S3Client tenant() {
        return tenant;
    }

    S3Client anonymous() {
        return anonymous;
    }

    S3AsyncClient async() {
        return async;
    }

    int openReaders() {
        return objects().openReaders();
    }

    /** The store behind the gateway, where faults are put in. */
    FaultyObjects objects() {
        return store.objects();
    }

    S3Gateway gateway() {
        return local.gateway();
    }

    long bufferedBytes() {
        return local.bufferedBytes();
    }

    AwsCredentialsProvider mainKey() {
        return mainKey;
    }

    RawS3 raw() {
        return raw;
    }

    /** A new bucket of main's. */
    String newBucket() {
        String name = "b-" + UUID.randomUUID();
        main.createBucket(request -> request.bucket(name));
        return name;
    }

    @Override
    public void close() {
        main.close();
        alt.close();
        tenant.close();
        anonymous.close();
        async.close();
        local.close();
        delete(data);
    }

    private static void delete(final Path directory) {
        try (Stream<Path> found = Files.walk(directory)) {
            for (final Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
