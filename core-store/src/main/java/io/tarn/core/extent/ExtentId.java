package io.tarn.core.extent;

/**
 * Identity of an extent, unique in the cluster for ever: {@code shard : 16 | sequence : 48}.
 *
 * @param value the packed form
 */
public record ExtentId(long value) {
    public int shard() {
        return (int) (value >>> 48);
    }

    @Override
    public String toString() {
        return "%04x-%012x".formatted(shard(), value & 0xffff_ffff_ffffL);
    }
}
