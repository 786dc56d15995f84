"""Components for what Altair cannot do, made with st.components.v2: drawn and stepped through in the browser."""
