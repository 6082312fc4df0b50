package io.tarn.bench.micro;

import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.checksum.Crc64Nvme;
import io.tarn.s3.checksum.PayloadDigest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What this machine pays to hash one body, below which no S3 server that computes the hash can get: CRC32C is kept per 4 KiB of
 * payload, MD5 is the ETag, SHA-256 the signed payload.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HashingFloor {
    private static final int CHECKSUM_BLOCK_BYTES = 4096;

    /** Size of the body in bytes. */
    @Param({"4096", "1048576"})
    public int sizeBytes;

    private byte[] body = new byte[0];
    private ByteBuffer network = ByteBuffer.allocate(0);
    private final MessageDigest md5 = digest("MD5");
    private final MessageDigest sha256 = digest("SHA-256");

    /** Makes the body. */
    @Setup
    public void fill() {
        body = new byte[sizeBytes];
        new SplittableRandom(sizeBytes).nextBytes(body);
        network = ByteBuffer.allocateDirect(sizeBytes).put(body).flip();
    }

    /** One CRC32C per 4 KiB. */
    @Benchmark
    public long crc32cPer4KiB() {
        long sum = 0;
        final CRC32C crc = new CRC32C();
        for (int at = 0; at < body.length; at += CHECKSUM_BLOCK_BYTES) {
            crc.reset();
            crc.update(body, at, CHECKSUM_BLOCK_BYTES);
            sum += crc.getValue();
        }
        return sum;
    }

    /** MD5 of the whole body. */
    @Benchmark
    public byte[] md5() {
        return md5.digest(body);
    }

    /** CRC64NVME of the whole body, kept where a client sends no checksum. */
    @Benchmark
    public long crc64nvme() {
        final Crc64Nvme crc = new Crc64Nvme();
        crc.update(body, 0, body.length);
        return crc.getValue();
    }

    /** Everything that a PUT without a checksum computes, from a direct buffer as it comes from the network. */
    @Benchmark
    public long digestsOfPut() {
        final PayloadDigest digest = new PayloadDigest(true, EnumSet.of(ChecksumAlgorithm.CRC64NVME), false);
        digest.update(network);
        return digest.finish().lengthBytes();
    }

    /** SHA-256 of the whole body. */
    @Benchmark
    public byte[] sha256() {
        return sha256.digest(body);
    }

    private static MessageDigest digest(final String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
