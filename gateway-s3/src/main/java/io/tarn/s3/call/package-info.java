/**
 * What the front end's server and its operations say to each other: a {@link io.tarn.s3.call.Call} comes in, a
 * {@link io.tarn.s3.call.Reply} goes out. Knows nothing of HTTP libraries.
 */
package io.tarn.s3.call;
