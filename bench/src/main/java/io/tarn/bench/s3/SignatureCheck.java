package io.tarn.bench.s3;

import io.tarn.s3.auth.AuthSettings;
import io.tarn.s3.auth.Authentication;
import io.tarn.s3.auth.RequestAuthenticator;
import io.tarn.s3.auth.Secret;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.RawRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Checking the signature of one PUT, as every signed request pays it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SignatureCheck {
    private static final Credentials CREDENTIALS = new Credentials("benchmarkkey", "benchmark-secret", "us-east-1");
    private static final String HOST = "127.0.0.1:9000";
    private static final String PATH = "/bucket/some/key/of-ordinary-length-0001";

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
    private final Optional<Secret> secret = Optional.of(Secret.of(CREDENTIALS.secretKey()));
    private final RequestAuthenticator authenticator =
            new RequestAuthenticator(key -> secret, AuthSettings.defaults(), clock);
    private final RawRequest request = RawRequest.of("PUT", PATH, signed(new SigV4Signer(CREDENTIALS, HOST, clock)));

    private static HeaderView signed(final SigV4Signer signer) {
        final SigV4Signer.Signature signature = signer.sign("PUT", PATH, "", SigV4Signer.UNSIGNED_PAYLOAD);
        return new Headers(Map.of(
                "host", HOST,
                "content-length", "4096",
                "x-amz-date", signature.amzDate(),
                "x-amz-content-sha256", signature.payloadHash(),
                "authorization", signature.authorization()));
    }

    /** The whole check; the secret is at hand. */
    @Benchmark
    public Authentication authenticate() {
        return authenticator.authenticate(request, Optional.empty());
    }

    /** Headers in a map, one value each. */
    private record Headers(Map<String, String> values) implements HeaderView {
        Headers {
            final Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            sorted.putAll(values);
            values = sorted;
        }

        @Override
        public Optional<String> first(final String name) {
            return Optional.ofNullable(values.get(name));
        }

        @Override
        public List<String> all(final String name) {
            return first(name).stream().toList();
        }

        @Override
        public void forEach(final BiConsumer<String, String> action) {
            values.forEach(action);
        }
    }
}
