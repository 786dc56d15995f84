# docker build -t unrolled . && docker run --rm -p 8501:8501 -v unrolled:/home/reader/unrolled unrolled
# Without a GPU: --build-arg PIP_EXTRA_INDEX_URL=<the index that PyTorch names for CPU>, for an image some 3 GB smaller.
FROM python:3.12-slim AS installed
ARG PIP_EXTRA_INDEX_URL=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/unrolled
ENV PATH=/opt/unrolled/bin:$PATH
WORKDIR /app
COPY requirements.txt .
RUN python -m pip install -r requirements.txt

# With the tools to test and change it, and a browser for the browser tests.
FROM installed AS development
RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium fontconfig fonts-noto-cjk git \
    && rm -rf /var/lib/apt/lists/*
COPY requirements-dev.txt .
RUN python -m pip install -r requirements-dev.txt

FROM python:3.12-slim AS app
ENV PATH=/opt/unrolled/bin:$PATH \
    OMP_NUM_THREADS=1 \
    UNROLLED_HOME=/home/reader/unrolled
RUN useradd --create-home --uid 1000 reader && install -d -o reader -g reader /home/reader/unrolled
WORKDIR /app
COPY --from=installed /opt/unrolled /opt/unrolled
COPY . .
USER reader
VOLUME /home/reader/unrolled
EXPOSE 8501
HEALTHCHECK --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=3)"]
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.headless=true"]
