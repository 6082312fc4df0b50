package io.tarn.server.process;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Clients of the AWS SDK for a server under test. They never try twice: a failure that a retry would hide is a failure. */
final class S3Clients {
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 32;

    private S3Clients() {}

    static StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY));
    }

    static S3Client sync(final URI endpoint) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials())
                .forcePathStyle(true)
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(CONNECTIONS))
                .overrideConfiguration(configuration ->
                        configuration.apiCallTimeout(CALL_PATIENCE).retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    static S3AsyncClient async(final URI endpoint) {
        return S3AsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials())
                .forcePathStyle(true)
                .multipartEnabled(true)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(CONNECTIONS))
                .overrideConfiguration(configuration ->
                        configuration.apiCallTimeout(CALL_PATIENCE).retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    static S3Presigner presigner(final S3Client client, final URI endpoint) {
        return S3Presigner.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials())
                .s3Client(client)
                .build();
    }
}
