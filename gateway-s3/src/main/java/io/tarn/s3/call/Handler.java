package io.tarn.s3.call;

/** Carries one call out. Runs on a virtual thread and may block; fails with {@code S3Exception} or {@code StorageException}. */
@FunctionalInterface
public interface Handler {
    Reply handle(Call call);
}
