package io.tarn.s3.fake;

import io.tarn.s3.gateway.S3Gateway;
import io.tarn.s3.gateway.S3Settings;
import java.util.concurrent.CountDownLatch;

/** Serves S3 from memory until it is killed: for running outside suites against the front end alone. Argument: the port. */
public final class InMemoryServer {
    private InMemoryServer() {}

    public static void main(final String[] arguments) throws InterruptedException {
        int port = Integer.parseInt(arguments[0]);
        try (var tarn = InMemoryTarn.withTestUsers();
                var gateway = S3Gateway.start(tarn, S3Settings.defaults().withPort(port))) {
            System.out.println("S3 from memory on port " + gateway.port());
            new CountDownLatch(1).await();
        }
    }
}
