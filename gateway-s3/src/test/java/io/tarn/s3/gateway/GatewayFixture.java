package io.tarn.s3.gateway;

import io.tarn.s3.fake.InMemoryObjects;
import io.tarn.s3.fake.InMemoryTarn;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/** A gateway on a free port over an in-memory cluster, with clients of the AWS SDK for its users. */
final class GatewayFixture implements AutoCloseable {
    static final S3Settings.Limits LIMITS =
            new S3Settings.Limits(100, 50, 16 * 1024, 32 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(2));

    private final InMemoryTarn tarn = InMemoryTarn.withTestUsers();
    private final S3Gateway gateway;
    private final S3Client main;
    private final S3Client alt;
    private final S3Client tenant;
    private final S3Client anonymous;
    private final S3AsyncClient async;

    GatewayFixture() {
        this(LIMITS);
    }

    GatewayFixture(final S3Settings.Limits limits) {
        gateway = S3Gateway.start(tarn, S3Settings.defaults().withPort(0).withLimits(limits));
        AwsCredentialsProvider mainKey = key("MAINKEY0000000000000", "mainsecretmainsecretmainsecret");
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
        return gateway.port();
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
        return ((InMemoryObjects) tarn.objects()).openReaders();
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
        gateway.close(Duration.ofSeconds(1));
        tarn.close();
    }
}
