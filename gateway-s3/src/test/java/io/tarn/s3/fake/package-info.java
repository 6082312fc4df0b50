/** An in-memory cluster behind the client API: what the front end's tests run on where the real store would only make them slow. */
package io.tarn.s3.fake;
